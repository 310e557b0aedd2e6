import Glibc
import JobCore
import Subprocess
import SystemPackage

/// Runs one helper program (ffmpeg, ffprobe, espeak-ng) to its end, and never leaves a descendant behind.
///
/// Invariants:
/// 1. The child leads its own session, so its process group is its pid and a signal reaches all descendants.
/// 2. When the task is cancelled the group gets SIGTERM, after 2 s SIGKILL; `run` then throws `CancellationError`.
/// 3. After every end, also a good one, what is left of the group gets SIGKILL.
/// 4. The child sees `PATH`, `HOME` and `LANG` only: no secret of this process.
public struct ProcessRunner: Sendable {
    /// How long a cancelled program may take to end by itself.
    static let grace = Duration.seconds(2)
    /// Lines of standard error that go into the job's log; the rest is only kept in the tail.
    static let maximumLogLines = 200
    /// Films are made behind what the person does at this machine.
    static let niceness: Int32 = 5

    public init() {}

    /// Runs the command.
    ///
    /// - Parameters:
    ///   - maximumLineBytes: longer lines of standard output are cut.
    ///   - report: gets the process group and, as log lines, standard error.
    ///   - line: gets each line of standard output, in order.
    /// - Returns: how it ended; an exit code other than 0 is no error here.
    /// - Throws: `config_error` when the program is not installed, `internal_error` when it could not be started,
    ///   `CancellationError`.
    public func run(
        _ command: ProcessCommand, maximumLineBytes: Int = 4096,
        report: @escaping @Sendable (BackendEvent) -> Void,
        line: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> ProcessOutcome {
        try Task.checkCancellation()
        var group: Int32?
        // The leader is reaped by now, but as long as a descendant lives the kernel keeps the group's number in use.
        defer { if let group { kill(-group, SIGKILL) } }
        do {
            let result = try await Subprocess.run(
                configuration(command), input: .none, output: .sequence, error: .sequence
            ) { execution in
                let pid = execution.processIdentifier.value
                group = pid
                _ = setpriority(__priority_which_t(PRIO_PGRP.rawValue), id_t(pid), Self.niceness)
                report(.startedProcessGroup(pid))
                return await Self.follow(
                    execution.standardOutput, LineSplitter(limit: maximumLineBytes), execution.standardError,
                    command.noise, report, line)
            }
            // A cancelled run returns as if the program had ended by itself.
            try Task.checkCancellation()
            return ProcessOutcome(Self.ending(result.terminationStatus), complaint: result.closureResult)
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw Self.failure(error, command)
        }
    }

    private func configuration(_ command: ProcessCommand) -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.grace)]
        var environment: [Environment.Key: String] = ["LANG": "C.UTF-8"]
        let folders = Self.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
        let program = command.program.contains("/") ? command.program : ProgramPath.find(command.program, in: folders)
        environment["PATH"] = folders
        environment["HOME"] = Self.variable("HOME") ?? command.workingDirectory
        return Configuration(
            executable: program.map { .path(FilePath($0)) } ?? .name(command.program),
            arguments: Arguments(command.arguments), environment: .custom(environment),
            workingDirectory: FilePath(command.workingDirectory), platformOptions: options)
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Reads both streams to their ends, side by side; returns the tail of standard error.
    private static func follow(
        _ output: SubprocessOutputSequence, _ splitter: LineSplitter, _ errors: SubprocessOutputSequence,
        _ noise: String?, _ report: @escaping @Sendable (BackendEvent) -> Void,
        _ line: @escaping @Sendable (String) -> Void
    ) async -> String {
        async let tail = complaint(errors, noise, report)
        await forEachLine(output, splitter, line)
        return await tail
    }

    private static func complaint(
        _ errors: SubprocessOutputSequence, _ noise: String?, _ report: @escaping @Sendable (BackendEvent) -> Void
    ) async -> String {
        var tail = TextTail(limit: 8 * 1024)
        var count = 0
        await forEachLine(errors, LineSplitter()) { line in
            if let noise, line.contains(noise) { return }
            let redacted = Redaction.redacted(line)
            tail.add(redacted)
            count += 1
            if count <= maximumLogLines { report(.log(redacted)) }
            if count == maximumLogLines { report(.log("(further lines are left out)")) }
        }
        return tail.text
    }

    private static func forEachLine(
        _ stream: SubprocessOutputSequence, _ lines: LineSplitter, _ body: (String) -> Void
    ) async {
        var splitter = lines
        // A read error means that the program was torn down: its ending tells more than the broken pipe.
        do {
            for try await buffer in stream {
                for line in splitter.lines(adding: buffer.withUnsafeBytes { Array($0) }) { body(line) }
            }
        } catch {}
        if let last = splitter.finish() { body(last) }
    }

    private static func ending(_ status: TerminationStatus) -> ProcessOutcome.Ending {
        switch status {
        case .exited(let code): .exited(code)
        case .signaled(let signal): .signaled(signal)
        }
    }

    private static func failure(_ error: SubprocessError, _ command: ProcessCommand) -> Failure {
        if error.code == .executableNotFound {
            let package = command.name == "ffprobe" ? "ffmpeg" : command.name
            return Failure(
                .configError, "The program \(command.program) is not installed.", hint: "apt-get install \(package)")
        }
        return Failure(.internalError, "\(command.name) could not be started: \(error).")
    }
}
