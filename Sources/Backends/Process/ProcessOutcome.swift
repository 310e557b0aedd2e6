public import JobCore

/// How a program ended, and the end of what it complained about.
public struct ProcessOutcome: Sendable, Equatable {
    /// The two ways a process ends on Linux.
    public enum Ending: Sendable, Equatable {
        case exited(Int32)
        case signaled(Int32)
    }

    public let ending: Ending
    /// The last 8 KiB of standard error, redacted.
    public let complaint: String

    public init(_ ending: Ending, complaint: String) {
        (self.ending, self.complaint) = (ending, complaint)
    }

    /// True for exit code 0 only.
    public var isSuccess: Bool { ending == .exited(0) }

    /// The last line of standard error that says something, cut to 300 characters; `""` when it was silent.
    public var lastLine: String {
        let lines = complaint.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        return lines.last.map { String($0.prefix(300)) } ?? ""
    }

    /// Returns when the program succeeded.
    ///
    /// - Throws: `disk_full` when it ran out of space, else `ffmpeg_error` (`internal_error` for other programs).
    public func requireSuccess(of command: ProcessCommand) throws(Failure) {
        guard !isSuccess else { return }
        let reason = lastLine.isEmpty ? "it said nothing" : lastLine
        // strerror(ENOSPC), which ffmpeg prints as it is; the child runs under LANG=C.UTF-8.
        if complaint.contains("No space left on device") || complaint.contains("Disk quota exceeded") {
            throw Failure(.diskFull, "\(command.name) ran out of disk space: \(reason)")
        }
        let code: FailureCode = command.name.hasPrefix("ff") ? .ffmpegError : .internalError
        switch ending {
        case .exited(let status): throw Failure(code, "\(command.name) stopped with exit code \(status): \(reason)")
        case .signaled(let signal): throw Failure(code, "\(command.name) was ended by signal \(signal): \(reason)")
        }
    }
}
