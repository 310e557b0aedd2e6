import JobCore
import Synchronization

/// The first line that an ffmpeg says of itself, asked once for each program.
enum FFmpegVersion {
    private static let known = Mutex<[String: String]>([:])

    static func of(_ program: String, _ runner: ProcessRunner, in folder: String) async throws -> String {
        if let version = known.withLock({ $0[program] }) { return version }
        let command = ProcessCommand(program, ["-hide_banner", "-version"], in: folder)
        let (outcome, text) = try await runner.collect(command) { _ in }
        try outcome.requireSuccess(of: command)
        let version = text.split(separator: "\n").first.map(String.init) ?? ""
        known.withLock { $0[program] = version }
        return version
    }
}
