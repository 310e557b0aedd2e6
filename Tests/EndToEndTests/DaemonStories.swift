import Dispatch
import Foundation
import Glibc
import JobCore
import Testing

/// Longer campaigns: `KINOSPOOL_TORTURE=1 swift test --filter DaemonStories`.
let isTorture = ProcessInfo.processInfo.environment["KINOSPOOL_TORTURE"] == "1"

/// A sanitized program is several times slower and larger: what is measured is held against this much more.
let sanitizedFactor = ProcessInfo.processInfo.environment["KINOSPOOL_SANITIZED"] == nil ? 1 : 6
let isAddressSanitized = ProcessInfo.processInfo.environment["KINOSPOOL_SANITIZED"] == "address"

/// Whole stories with daemons and workers in processes of their own.
@Suite(.timeLimit(.minutes(isTorture ? 20 : 2))) enum DaemonStories {
    /// Notes a measured time, for people who read the log.
    static func note(_ what: String, _ time: Duration) {
        print("measured: \(what): \(time.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 2))))")
    }
}

extension Desk {
    /// Starts a daemon and waits until it is ready.
    func serve(_ arguments: String..., environment: [String: String] = [:]) async throws -> Program.Run {
        try await ready(["serve"] + arguments, environment)
    }

    /// Starts a further worker and waits until it is ready.
    func work(environment: [String: String] = [:]) async throws -> Program.Run {
        try await ready(["work"], environment)
    }

    private func ready(_ arguments: [String], _ environment: [String: String]) async throws -> Program.Run {
        let own = ["KINOSPOOL_MIN_FREE": "0", "KINOSPOOL_DURABILITY": "fast"]
        let run = try start(arguments, environment: own.merging(environment) { _, new in new })
        try await until(run) { run.errorsSoFar.contains(" ready ") }
        return run
    }

    /// The API of a daemon that was started.
    func api(_ run: Program.Run) async throws -> HTTPPeer {
        try await until(run) { run.errorsSoFar.contains(" listening ") }
        let match = try #require(run.errorsSoFar.firstMatch(of: /listening .*http:\/\/127\.0\.0\.1:(\d+)/))
        return HTTPPeer(port: try #require(Int(match.output.1)))
    }

    /// Stops a daemon in order.
    @discardableResult
    func stop(_ run: Program.Run) async throws -> Program.Answer {
        run.signal(SIGTERM)
        return try await run.answer()
    }

    /// Where a job's file lies; nil when it is nowhere.
    func state(_ id: String) -> JobState? {
        // Twice, in the order in which jobs move: a move during the look is seen the second time.
        for _ in 0..<2 {
            if let state = JobState.allCases.first(where: { exists("spool/\($0.rawValue)/\(id).json") }) {
                return state
            }
        }
        return nil
    }

    /// The job file.
    func job(_ id: String) throws -> JobDocument {
        let state = try #require(self.state(id))
        let data = try Data(contentsOf: URL(filePath: "\(folder)/spool/\(state.rawValue)/\(id).json"))
        return try JobDocument(reading: Array(data))
    }

    /// What lies in the last attempt's folder.
    func scratch(_ id: String, attempt: Int = 1) throws -> [String] {
        let job = try #require(JobID(id))
        let path = "\(folder)/spool/\(SpoolLayout.scratch(job, attempt: attempt))"
        return (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    /// How many job files lie in a state's folder.
    func count(_ state: JobState) -> Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/spool/\(state.rawValue)")) ?? [])
            .count { $0.hasSuffix(".json") }
    }

    /// Processes whose command line names this desk, but ours: ffmpeg and what it started.
    var helpers: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { name in
            guard Int32(name) != nil, let bytes = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
            else { return nil }
            let line = String(decoding: bytes, as: UTF8.self)
            return line.contains("\(folder)/spool/work") ? line : nil
        }
    }

    /// Runs a line of shell on the desk. - Returns: what it printed.
    @discardableResult
    func shell(_ line: String) async throws -> String {
        let folder = folder
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try Self.shell(line, in: folder) })
            }
        }
    }

    private static func shell(_ line: String, in folder: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(.internalError, "\(line.prefix(200)): exit \(process.terminationStatus)")
        }
        return String(decoding: output, as: UTF8.self)
    }
}
