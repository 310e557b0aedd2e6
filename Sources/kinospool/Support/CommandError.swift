import Engine
import Glibc
import JobCore
import Spool

/// Why a command ended: what users read, what scripts match on, and the exit code.
struct CommandError: Error, Sendable, Equatable {
    let exit: Exit
    /// One of `FailureCode`, or `usage`, `no_such_job`, `spool_unreachable`, `daemon_running`, `interrupted`.
    let code: String
    let message: String
    let hint: String
    let isRetryable: Bool

    init(_ exit: Exit, _ code: String, _ message: String, hint: String = "", isRetryable: Bool = false) {
        (self.exit, self.code, self.isRetryable) = (exit, code, isRetryable)
        (self.message, self.hint) = (Redaction.redacted(message), Redaction.redacted(hint))
    }

    init(_ failure: Failure) {
        let exit: Exit =
            switch failure.code {
            case .configError: .configuration
            case .diskFull, .runpodSubmitError: .tryAgain
            case .workerTimeout, .userCanceled, .runpodExecutionError, .ffmpegError, .internalError, .invalidJob,
                .invalidVideo, .runpodResultExpired, .submitUnknown, .dependencyFailed, .costCapExceeded:
                .failed
            }
        self.init(
            exit, failure.code.rawValue, failure.message, hint: failure.hint, isRetryable: failure.isRetryable)
    }

    init(_ problem: RecipeProblem) {
        self.init(.failed, problem.code, problem.message, hint: problem.hint)
    }

    /// Any error that reaches a command.
    init(wrapping error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let failure as Failure: self.init(failure)
        case let problem as RecipeProblem: self.init(problem)
        case let error as FileError:
            let failure = error.failure
            let isForbidden = error.errno == EACCES || error.errno == EPERM
            guard isForbidden else { self.init(failure); return }
            self.init(.notAllowed, failure.code.rawValue, failure.message, hint: failure.hint)
        case let error as DaemonIsRunning:
            self.init(
                .unreachable, "daemon_running", "Another daemon holds this spool: \(error.holder).",
                hint: "Stop it first, or add hands to it: kinospool work.")
        case is CancellationError: self.init(.interrupted, "interrupted", "Interrupted.")
        default: self.init(Failure(.internalError, "Something failed that should not: \(error)."))
        }
    }

    /// There is no job that fits what was typed.
    static func noSuchJob(_ name: String) -> CommandError {
        CommandError(
            .noSuchJob, "no_such_job", "There is no job \(name).", hint: "See the jobs there are: kinospool ls.")
    }

    /// What was typed does not make sense.
    static func usage(_ message: String, hint: String = "") -> CommandError {
        CommandError(.usage, "usage", message, hint: hint)
    }

    /// The problem object of `--json`.
    var json: JSONValue {
        [
            "v": 1,
            "error": [
                "code": .string(code), "message": .string(message), "hint": .string(hint),
                "retryable": .bool(isRetryable),
            ],
        ]
    }

    /// The text for people.
    var text: String {
        let advice = hint.isEmpty ? "" : "\nhint: \(TerminalText.plain(hint))"
        return "kinospool: \(TerminalText.plain(message))\(advice)"
    }
}
