import Engine
import Glibc
import JobCore
import Logging

/// A daemon or a worker from its start to its exit code.
struct DaemonRun: Sendable {
    let session: Session
    let role: Daemon.Role
    /// Work until the queue is empty.
    let isOnce: Bool
    var startsPaused = false
    let logger: Logger
    /// Open while it works; nil for none.
    var door: Daemon.Door?

    func exit() async throws -> Exit {
        // Nobody may read our messages any more; that must not end running jobs.
        signal(SIGPIPE, SIG_IGN)
        let options = Daemon.Options(role: role, isOnce: isOnce, startsPaused: startsPaused)
        let report = try await Daemon(settings: session.settings, options: options, logger: logger)
            .run(beside: door)
        if session.console.isJSON {
            session.console.data([
                "v": 1, "done": .integer(Int64(report.done)), "failed": .integer(Int64(report.failed)),
            ])
        }
        return isOnce && report.failed > 0 ? .partly : .done
    }
}
