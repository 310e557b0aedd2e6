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
            let (running, errors) = try await BlockingWork.run { try Self.look(folder) }
            for error in errors { logger.error("running job could not be looked at", metadata: ["error": "\(error)"]) }
            observer.keepOnly(Set(running.map(\.id)))
            for job in running {
                guard job.isOwned else {
                    await recover(job.id)
                    continue
                }
                let silence = observer.observe(job.id, stamp: job.stamp, now: now)
                var machine = JobMachine(state: .running, attempt: job.attempt)
                let effects = machine.handle(.observedSilence(attempt: job.attempt, silence), policy: policy)
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

    private struct RunningJob: Sendable {
        let id: JobID
        let attempt: Int
        let stamp: Int64
        let isOwned: Bool
    }

    /// Every running job that can be looked at, and the errors of those that cannot: one bad record hides no other job.
    private static func look(_ folder: SpoolFolder) throws(FileError) -> (jobs: [RunningJob], errors: [FileError]) {
        var (jobs, errors): ([RunningJob], [FileError]) = ([], [])
        for id in try folder.ids(in: .running) {
            do {
                let attempt = try folder.document(id, in: .running)?.attempt ?? 0
                let (stamp, isOwned) = (try folder.beatStamp(id) ?? 0, try folder.isOwned(id))
                jobs.append(RunningJob(id: id, attempt: attempt, stamp: stamp, isOwned: isOwned))
            } catch {
                errors.append(error)
            }
        }
        return (jobs, errors)
    }

    private func fail(_ job: RunningJob, _ failure: Failure) async {
        let folder = folder
        do {
            if try await BlockingWork.run({ try folder.failSilent(job.id, attempt: job.attempt, failure) }) {
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
