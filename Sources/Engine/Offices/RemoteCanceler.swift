import Backends
import JobCore
import Logging
import Spool
import Synchronization

/// Ends what runs elsewhere and nobody wants: tried again until the provider confirms it, also by later starts.
///
/// What is still to be ended stands in `run.json` of jobs that were canceled, deleted or changed.
final class RemoteCanceler: Sendable {
    /// Between two tries for one job, doubling.
    static let shortestDelay = Duration.seconds(1), longestDelay = Duration.seconds(60)

    private struct State {
        /// When to look at a job again, and how long to wait after that.
        var due: [JobID: (at: Duration, delay: Duration)] = [:]
    }

    private let folder: SpoolFolder
    private let registry: BackendRegistry
    private let logger: Logger
    private let state = Mutex(State())
    private let bell = Bell()

    init(folder: SpoolFolder, registry: BackendRegistry, logger: Logger) {
        (self.folder, self.registry, self.logger) = (folder, registry, logger)
    }

    /// Something of this job may run on that nobody wants.
    func look(at id: JobID) {
        state.withLock { $0.due[id] = (.zero, Self.shortestDelay) }
        bell.ring()
    }

    /// Every canceled and every deleted job, once at the start.
    func lookAtCanceled() async {
        let folder = folder
        await look { try folder.deletedIDs() + folder.ids(in: .canceled) }
    }

    /// Every deleted job, where no event told of one.
    func lookAtDeleted() async {
        let (folder, known) = (folder, state.withLock { Set($0.due.keys) })
        await look { try folder.deletedIDs().filter { !known.contains($0) } }
    }

    private func look(_ ids: @escaping @Sendable () throws -> [JobID]) async {
        let (folder, logger) = (folder, logger)
        let found = await BlockingWork.value { () -> [JobID] in
            do {
                return try ids().filter { try !folder.unwantedRemotes(of: $0).isEmpty }
            } catch {
                logger.error("runs elsewhere could not be looked for", metadata: ["error": "\(error)"])
                return []
            }
        }
        for id in found { look(at: id) }
    }

    /// Works until `stop`.
    func run() async {
        for await _ in bell.rings {
            let now = BootClock.now()
            let due = state.withLock { state in
                let due = state.due.filter { $0.value.at <= now }
                for id in due.keys { state.due[id] = nil }
                return due
            }
            for (id, (_, delay)) in due.sorted(by: { $0.key < $1.key }) where await !isDone(id) {
                if delay == Self.shortestDelay {
                    logger.warning("run elsewhere not confirmed as over; trying on", metadata: ["job.id": "\(id)"])
                }
                // Somebody who asks again meanwhile is served first.
                state.withLock { state in
                    if state.due[id] == nil {
                        state.due[id] = (BootClock.now() + delay, min(delay * 2, Self.longestDelay))
                    }
                }
            }
            if let next = state.withLock({ $0.due.values.map(\.at).min() }) {
                bell.ring(after: max(next - BootClock.now(), .milliseconds(1)))
            }
        }
    }

    func stop() { bell.stop() }

    /// One try for one job; true when nothing of it is left to end.
    private func isDone(_ id: JobID) async -> Bool {
        let folder = folder
        do {
            var isDone = true
            for remote in try await BlockingWork.run({ try folder.unwantedRemotes(of: id) }) {
                let ended = await ended(remote, of: id)
                guard ended != remote else {
                    isDone = false
                    continue
                }
                let isNoted = try await BlockingWork.run { try folder.noteUnwanted(ended, of: id) }
                if ended.mayBill || !isNoted { isDone = false }
            }
            return isDone
        } catch {
            logger.error("a run elsewhere could not be looked at", metadata: ["job.id": "\(id)", "error": "\(error)"])
            return false
        }
    }

    private func ended(_ remote: RemoteRecord, of id: JobID) async -> RemoteRecord {
        guard let backend = registry.remote(remote.provider) else { return remote }
        let ended = await backend.end(remote)
        guard !ended.mayBill else { return ended }
        let used = ended.usage.sentence ?? "nothing known of what it used"
        logger.notice(
            "run elsewhere is over",
            metadata: ["job.id": "\(id)", "remote.id": "\(ended.id ?? "unknown")", "state": "\(ended.state.rawValue)"])
        let (folder, line) = (folder, "run \(ended.id ?? "without id") is \(ended.state.rawValue): \(used)")
        try? await BlockingWork.run { try folder.log(line, id) }
        return ended
    }
}
