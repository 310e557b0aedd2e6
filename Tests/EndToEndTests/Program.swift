import Foundation
import Glibc

/// The program as it was built beside these tests, or the one that `KINOSPOOL_TEST_PROGRAM` names.
enum Program {
    /// Absolute path of the binary.
    static let path: String = {
        if let named = ProcessInfo.processInfo.environment["KINOSPOOL_TEST_PROGRAM"] { return named }
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let named = CommandLine.arguments.filter { $0.contains(".xctest") }.map { URL(filePath: $0) }
        let found = ([own] + named).map { $0.deletingLastPathComponent().appending(path: "kinospool").path }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        return found ?? "kinospool"
    }()

    /// What a run of the program brought.
    struct Answer: Sendable {
        let output: String
        let errors: String
        /// The exit code, or 128 + the signal.
        let status: Int32

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// What a run gets.
    struct Setting: Sendable {
        var arguments: [String]
        /// The working folder.
        var folder: String
        var environment: [String: String] = [:]
        var input = ""
        /// A terminal for stdout and stderr.
        var terminal: PseudoTerminal?
        /// Words before the program's own path, for example `strace -f`.
        var launcher: [String] = []
        /// Keeps what it prints in a folder below this one.
        var printed: URL?
    }

    /// Starts the program in an environment of its own; `answer` of the run waits for its end.
    static func start(_ setting: Setting) throws -> Run {
        let scratch = (setting.printed ?? FileManager.default.temporaryDirectory)
            .appending(path: "kinospool-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        let names = ["input", "output", "errors"].map { scratch.appending(path: $0) }
        try Data(setting.input.utf8).write(to: names[0])
        for name in names.dropFirst() { try Data().write(to: name) }
        let process = Process()
        process.executableURL = URL(filePath: setting.launcher.isEmpty ? path : "/usr/bin/env")
        process.arguments = (setting.launcher.isEmpty ? [] : setting.launcher + [path]) + setting.arguments
        process.currentDirectoryURL = URL(filePath: setting.folder)
        let inherited = ProcessInfo.processInfo.environment.filter {
            ["TSAN_OPTIONS", "ASAN_OPTIONS"].contains($0.key)
        }
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": setting.folder,
            // Any free port: many daemons run at the same time.
            "TZ": "UTC", "LANG": "C.UTF-8", "TERM": "xterm", "COLUMNS": "80",
        ].merging(setting.arguments.first == "serve" ? ["KINOSPOOL_PORT": "0"] : [:]) { _, new in new }
            .merging(inherited) { _, new in new }.merging(setting.environment) { _, new in new }
        // Closed here, for Foundation keeps them open for as long as the test's process lives.
        var handles = [try FileHandle(forReadingFrom: names[0])]
        defer { for handle in handles { try? handle.close() } }
        process.standardInput = handles[0]
        if let terminal = setting.terminal {
            let handle = FileHandle(fileDescriptor: terminal.slave, closeOnDealloc: false)
            (process.standardOutput, process.standardError) = (handle, handle)
        } else {
            for name in names.dropFirst() { handles.append(try FileHandle(forWritingTo: name)) }
            (process.standardOutput, process.standardError) = (handles[1], handles[2])
        }
        let (ends, bell) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { ended in
            let isSignal = ended.terminationReason == .uncaughtSignal
            bell.yield(isSignal ? 128 + ended.terminationStatus : ended.terminationStatus)
            bell.finish()
        }
        try process.run()
        return Run(pid: process.processIdentifier, ends: ends, scratch: scratch, isKept: setting.printed != nil)
    }

    /// A program that was started.
    struct Run: Sendable {
        let pid: Int32
        fileprivate let ends: AsyncStream<Int32>
        fileprivate let scratch: URL
        fileprivate let isKept: Bool

        func signal(_ number: Int32) { kill(pid, number) }

        /// Where its stderr goes.
        var errorsPath: String { scratch.appending(path: "errors").path }

        /// What it has written to stderr so far.
        var errorsSoFar: String { (try? String(contentsOfFile: errorsPath, encoding: .utf8)) ?? "" }

        /// Waits for its end. - Throws: `CancellationError` after killing it when the test's time is over.
        func answer() async throws -> Answer {
            let status = await withTaskCancellationHandler {
                var last: Int32 = -1
                for await status in ends { last = status }
                return last
            } onCancel: {
                kill(pid, SIGKILL)
            }
            try Task.checkCancellation()
            let output = try String(contentsOf: scratch.appending(path: "output"), encoding: .utf8)
            let errors = errorsSoFar
            if !isKept { try FileManager.default.removeItem(at: scratch) }
            return Answer(output: output, errors: errors, status: status)
        }
    }
}
