import JobCore
import Logging
import Spool

/// Looks after running jobs: fails the silent, recovers those whose owner is dead.
///
/// It looks at every token in `running/`, whoever runs it, this process or another.
actor Monitor {
    private let folder: SpoolFolder
    private let policy: Policy
    private let logger: Logger
    private let recovery: Recovery
    private var observer = StalenessObserver()
    private var lastParting: Duration?

    /// The clocks may part by this much between two rounds before it counts as a suspend.
    static let suspendThreshold = Duration.seconds(30)

    init(folder: SpoolFolder, policy: Policy, logger: Logger, recovery: Recovery? = nil) {
        (self.folder, self.policy, self.logger) = (folder, policy, logger)
        self.recovery = recovery ?? Recovery(folder: folder, policy: policy, logger: logger)
    }

    /// One look at all running jobs. - Returns: how long to wait before the next.
    func round(at now: Duration) async -> Duration {
        let (folder, policy) = (folder, policy)
        noteSuspend(parting: BootClock.timeAsleep(), at: now)
        do {
            let (running, errors) = try await BlockingWork.run { try folder.glanceAtRunning() }
            for error in errors { logger.error("running job could not be looked at", metadata: ["error": "\(error)"]) }
            observer.keepOnly(Set(running.map(\.id)))
            for job in running {
                guard job.isOwned else {
                    await recover(job.id)
                    continue
                }
                let silence = observer.observe(job.id, stamp: job.stamp, now: now)
                // Which attempt it is decides nothing yet; the record is only read of those that have to fail.
                var machine = JobMachine(state: .running, attempt: 1)
                let effects = machine.handle(.observedSilence(attempt: 1, silence), policy: policy)
                for case .end(.failed(let failure)) in effects { await fail(job, failure) }
            }
        } catch {
            logger.error("running/ could not be looked at", metadata: ["error": "\(error)"])
        }
        // Sleep no longer than until the next job could be stale: the timeout is kept to the second.
        let expiry = observer.nextExpiry(timeout: policy.heartbeatTimeout, now: now)
        return min(policy.monitorInterval, expiry.map { $0 + .milliseconds(20) } ?? policy.monitorInterval)
    }

    /// After the machine slept nobody can have beaten: everybody gets a full timeout.
    ///
    /// - Parameter parting: how far the clock that counts suspended time is ahead of the one that does not.
    func noteSuspend(parting: Duration, at now: Duration) {
        defer { lastParting = parting }
        guard let lastParting, parting - lastParting > Self.suspendThreshold else { return }
        logger.notice("the machine was asleep: heartbeats get a full timeout")
        observer.startAnew(now: now)
    }

    private func fail(_ job: RunningGlance, _ failure: Failure) async {
        let folder = folder
        do {
            let hasFailed = try await BlockingWork.run {
                // The record before the stamp: an attempt that began since the glance has beaten anew.
                guard let attempt = try folder.document(job.id, in: .running)?.attempt,
                    try folder.beatStamp(job.id) == job.stamp
                else { return false }
                return try folder.failSilent(job.id, attempt: attempt, failure)
            }
            if hasFailed {
                logger.warning("job failed", metadata: ["job.id": "\(job.id)", "error": "\(failure)"])
            }
        } catch {
            logger.error("silent job could not be failed", metadata: ["job.id": "\(job.id)", "error": "\(error)"])
        }
    }

    private func recover(_ id: JobID) async {
        await recovery.recover(id)
    }
}
