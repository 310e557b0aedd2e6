import Engine
import JobCore
import Logging
import Spool

/// Waits for jobs, and works on them in this process where no daemon does.
struct RenderWait: Sendable {
    /// With the spool's absolute path in its settings.
    let session: Session
    let folder: SpoolFolder

    func run(_ ids: [JobID]) async throws -> Awaiting.Outcome {
        let (hasDaemon, isPaused) = try await BlockingWork.run { (try folder.hasDaemon(), try folder.isPaused()) }
        if isPaused { session.console.note("The queue is paused; go on with: kinospool resume") }
        if hasDaemon { return try await Awaiting(session: session, folder: folder).run(ids) }
        session.console.note("No daemon runs on this spool, so this command does the work. For good: kinospool serve")
        return try await working(ids)
    }

    private func working(_ ids: [JobID]) async throws -> Awaiting.Outcome {
        try await withThrowingTaskGroup(of: Awaiting.Outcome?.self) { group in
            group.addTask { try await Awaiting(session: session, folder: folder, isWorkingHere: true).run(ids) }
            group.addTask {
                try await work(Set(ids))
                return nil
            }
            var outcome: Awaiting.Outcome?
            var isStopped = false
            while let ended = try await group.next() {
                if ended == nil, outcome == nil, !isStopped {
                    // The worker was stopped by a signal: time for a second Ctrl-C, then nobody works any more.
                    isStopped = true
                    group.addTask {
                        try? await Task.sleep(for: Awaiting.secondChance + .seconds(1))
                        return nil
                    }
                } else {
                    // The wait is over: the worker gives back what it has begun.
                    outcome = outcome ?? ended
                    group.cancelAll()
                }
            }
            return outcome ?? .interrupted
        }
    }

    private func work(_ ids: Set<JobID>) async throws {
        let console = session.console
        let logger = Logger(label: "kinospool") { _ in
            LogLine(format: console.isJSON ? .json : .text, level: .error) { console.error($0) }
        }
        let options = Daemon.Options(role: .worker, only: ids)
        _ = try await Daemon(settings: session.settings, options: options, logger: logger).run()
    }
}
