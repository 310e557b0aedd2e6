import Backends
import JobCore
import Logging
import Spool

/// Takes in what appears in `queued/` and `inbox/`, and offers it to the dispatcher.
///
/// It is told names by the watch and looks at all names from time to time; both lead to the same look at the file
/// itself, so a lost event costs time, never a job.
actor Pickup {
    private let thread: OfficeThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// A dropped file is brought to the disk this long after it was taken in.
    static let settleDelay = Duration.milliseconds(500)
    /// What changed less than this ago may have changed again without a new time.
    static let coarseTime = Duration.seconds(2)
    /// Names looked at before others have a turn on the thread: few after a listing, so that the first job starts
    /// soon, then more.
    static let batchSize = 64, firstBatchSize = 8

    private let folder: SpoolFolder
    private let registry: BackendRegistry
    private let policy: Policy
    private let broom: Broom
    private let logger: Logger
    private let dispatcher: Dispatcher
    private let only: Set<JobID>?
    private let touch: nonisolated(nonsending) @Sendable ([JobID]) async -> Void

    /// Names to look at, and whether their writer was seen closing them.
    private var pending: [String: Bool] = [:]
    /// Names found by listing `queued/`, oldest first as far as names tell; looked at when no hint waits.
    private var backlog = Pickup.backlog([])
    private var backlogBatchSize = Pickup.firstBatchSize
    /// The modification time of `queued/` when it was listed last, if that proves that nothing came since.
    private var listedAt: Int64?
    private var mustScanInbox = true
    /// Names to look at again, by the moment on the boot clock.
    private var later: [String: Duration] = [:]
    private var isClosed: Set<String> = []
    /// Jobs that wait for others, and for which.
    private var blocked: [JobID: [JobID]] = [:]
    private var nextInboxScan: Duration?
    /// Jobs whose files were taken in and not brought to the disk yet.
    private var unsettled: [JobID] = []
    private let settleBell = Bell()

    /// - Parameters:
    ///   - only: jobs to offer; nil for all.
    ///   - touch: told the ids whose rows in the index may have changed.
    init(
        on thread: OfficeThread, folder: SpoolFolder, registry: BackendRegistry, policy: Policy, broom: Broom,
        logger: Logger, dispatcher: Dispatcher, only: Set<JobID>?,
        touch: nonisolated(nonsending) @escaping @Sendable ([JobID]) async -> Void
    ) {
        (self.thread, self.folder, self.registry, self.policy) = (thread, folder, registry, policy)
        (self.broom, self.logger, self.dispatcher, self.only, self.touch) = (broom, logger, dispatcher, only, touch)
    }

    /// Something happened to names in `queued/`.
    func look(at changes: [String: WatchHints.Change]) {
        for (name, change) in changes {
            pending[name] = (pending[name] ?? false) || change.contains(.closed)
        }
    }

    /// Something happened in `inbox/`.
    func lookAtInbox(_ changes: [String: WatchHints.Change]) {
        for (name, change) in changes where change.contains(.closed) { isClosed.insert(name) }
        mustScanInbox = true
    }

    /// Jobs ended: those that wait for them are looked at again.
    func jobsEnded(_ ids: [JobID]) {
        guard !blocked.isEmpty else { return }
        let ended = Set(ids)
        for (waiting, needs) in blocked where !ended.isDisjoint(with: needs) { pending["\(waiting).json"] = true }
    }

    /// Nothing is under way between the drop folders and the dispatcher.
    var isIdle: Bool {
        pending.isEmpty && backlog.isEmpty && later.isEmpty && blocked.isEmpty && !mustScanInbox && nextInboxScan == nil
    }

    /// Looks at the names in `queued/` and `inbox/`.
    ///
    /// - Parameter all: also those that are known, after hints were lost.
    func rescan(all: Bool) async {
        mustScanInbox = true
        do {
            let modified = try folder.files.status(SpoolLayout.queued)?.modified
            if !all, modified != nil, modified == listedAt { return }
            // File times come from a coarse clock: a young one does not tell what came after it.
            let age = folder.wallTime.milliseconds - (modified ?? 0) / 1_000_000
            listedAt = age > Self.coarseTime.milliseconds ? modified : nil
            var names = try folder.files.list(SpoolLayout.queued).map(\.name)
            if !all {
                var unknown: [String] = []
                for name in names {
                    if let id = SpoolLayout.id(ofToken: name), await isKnown(id) { continue }
                    unknown.append(name)
                }
                names = unknown
                // No hint told of them.
                await touch(names.compactMap(SpoolLayout.id(ofToken:)))
            }
            backlog = Self.backlog(names)
            backlogBatchSize = Self.firstBatchSize
        } catch {
            listedAt = nil
            logger.error("queued/ could not be listed", metadata: ["error": "\(error)"])
        }
    }

    private static func backlog(_ names: [String]) -> Heap<String> { Heap(names) { $0 < $1 } }

    private func isKnown(_ id: JobID) async -> Bool {
        if blocked[id] != nil { return true }
        return await dispatcher.knows(id)
    }

    /// How long until there is something to look at again; nil for not before the next hint.
    func nextDelay(at now: Duration) -> Duration? {
        if !pending.isEmpty || !backlog.isEmpty || mustScanInbox { return .zero }
        return ([nextInboxScan].compactMap { $0 } + later.values).min().map { max($0 - now, .zero) }
    }

    /// Looks at everything that is due.
    func work(at now: Duration) async {
        for (name, moment) in later where moment <= now {
            later[name] = nil
            if pending[name] == nil { pending[name] = false }
        }
        if mustScanInbox || nextInboxScan.map({ $0 <= now }) == true { await scanInbox(at: now) }
        while let batch = nextBatch() {
            await examine(batch, at: now)
            // The dispatcher works on the same thread: what was found may start before the rest is looked at.
            if !pending.isEmpty || !backlog.isEmpty { await Task.yield() }
        }
    }

    /// What to look at next: first what hints told, then what a listing found. Nil when there is nothing.
    private func nextBatch() -> [(name: String, isClosed: Bool)]? {
        if !pending.isEmpty {
            let batch = pending.prefix(Self.batchSize).map { (name: $0.key, isClosed: $0.value) }
            for (name, _) in batch { pending[name] = nil }
            return batch
        }
        var batch: [(name: String, isClosed: Bool)] = []
        while batch.count < backlogBatchSize, let name = backlog.pop() {
            if later[name] == nil { batch.append((name: name, isClosed: false)) }
        }
        backlogBatchSize = min(backlogBatchSize * 2, Self.batchSize)
        if backlog.isEmpty { backlog = Self.backlog([]) }
        return batch.isEmpty ? nil : batch
    }

    private func examine(_ batch: [(name: String, isClosed: Bool)], at now: Duration) async {
        let results = batch.map { item in
            Result { () throws(FileError) in
                try folder.admit(item.name, isClosed: item.isClosed, policy: policy)
            }
        }
        var (entries, fresh, touched): ([ReadyQueue.Entry], [JobID], [JobID]) = ([], [], [])
        for (item, result) in zip(batch, results) {
            let id = SpoolLayout.id(ofToken: item.name)
            switch result {
            case .success(.ready(let job)):
                if job.isNew { fresh.append(job.id) }
                if let entry = await entry(job) { entries.append(entry) }
            case .success(.wait(let time)):
                later[item.name] = now + max(time, .milliseconds(20))
                if let id { await dispatcher.withdraw(id) }
            case .success(.refused(let id, let failure)):
                touched.append(id)
                logger.warning("job refused", metadata: ["job.id": "\(id)", "error": "\(failure)"])
            case .success(.setAside(let reason)):
                logger.warning("file set aside", metadata: ["file": "queued/\(item.name)", "reason": "\(reason)"])
                if let id { touched.append(id) }
            case .success(.nothing):
                if let id {
                    blocked[id] = nil
                    await dispatcher.withdraw(id)
                }
            case .failure(let error):
                logger.error("file could not be taken in", metadata: ["file": "\(item.name)", "error": "\(error)"])
                later[item.name] = now + .seconds(2)
            }
        }
        broom.note(batch.count)
        await dispatcher.offer(entries)
        // Of the others a hint told, and those that lay there at the start are compared with their rows.
        await touch(touched + fresh)
        if !fresh.isEmpty {
            unsettled += fresh
            settleBell.ring(after: Self.settleDelay)
        }
    }

    /// Brings the users' own bytes to the disk, until `stop`. Nothing was promised for a drop, so the jobs may start
    /// first; those that ended meanwhile are on the disk already.
    func settle() async {
        for await _ in settleBell.rings {
            let (folder, ids) = (folder, unsettled)
            unsettled = []
            do {
                try await BlockingWork.run { try folder.settle(ids) }
            } catch {
                logger.warning("new job files could not be synced", metadata: ["error": "\(error)"])
            }
        }
    }

    func stop() { settleBell.stop() }

    /// The job as the dispatcher sees it; nil when it waits for others, or cannot be run here and was failed.
    private func entry(_ job: QueuedJob) async -> ReadyQueue.Entry? {
        do {
            let lane = try registry.lane(for: job.request)
            // Before the look: a needed job that ends during it is told to `jobsEnded`, which must find this one.
            blocked[job.id] = job.request.needs.isEmpty ? nil : job.request.needs
            guard try areNeedsMet(job) else {
                await dispatcher.withdraw(job.id)
                return nil
            }
            blocked[job.id] = nil
            return ReadyQueue.Entry(
                id: job.id, lane: lane, priority: job.request.priority, createdAt: job.createdAt,
                notBefore: job.notBefore)
        } catch {
            blocked[job.id] = nil
            await refuse(job.id, error as? Failure ?? Failure(.internalError, "The job could not be queued: \(error)."))
            return nil
        }
    }

    /// - Throws: `dependency_failed` when a needed job ended otherwise.
    private func areNeedsMet(_ job: QueuedJob) throws -> Bool {
        guard !job.request.needs.isEmpty else { return true }
        let needs = job.request.needs
        let states = try needs.map { try folder.state(of: $0) }
        for case (let id, let state?) in zip(needs, states) where state == .failed || state == .canceled {
            throw Failure(.dependencyFailed, "The job needs \(id), which is \(state.rawValue).")
        }
        return states.allSatisfy { $0 == .done }
    }

    /// Fails a queued job that cannot be run here.
    private func refuse(_ id: JobID, _ failure: Failure) async {
        let folder = folder
        do {
            guard try await BlockingWork.run({ try folder.refuse(id, failure) }) else { return }
            logger.warning("job refused", metadata: ["job.id": "\(id)", "error": "\(failure)"])
            await touch([id])
        } catch {
            logger.error("job could not be refused", metadata: ["job.id": "\(id)", "error": "\(error)"])
        }
    }

    private func scanInbox(at now: Duration) async {
        (mustScanInbox, nextInboxScan) = (false, nil)
        let (folder, policy, closed) = (folder, policy, isClosed)
        isClosed = []
        do {
            let results = try await BlockingWork.run {
                try folder.inboxFiles().map { path in
                    // A file that cannot be taken in holds up nobody else.
                    let result = Result { () throws(FileError) in
                        try folder.admitFromInbox(path, isClosed: closed.contains(path), policy: policy)
                    }
                    return (path, result)
                }
            }
            for (path, result) in results {
                switch result {
                case .failure(let error):
                    logger.error(
                        "file could not be taken in", metadata: ["file": "inbox/\(path)", "error": "\(error)"])
                    nextInboxScan = min(nextInboxScan ?? .seconds(1 << 40), now + .seconds(2))
                case .success(.submitted(let id)):
                    logger.info("job taken from the inbox", metadata: ["job.id": "\(id)", "file": "\(path)"])
                    pending["\(id).json"] = true
                case .success(.wait(let time, let reason)):
                    logger.debug("file waits in the inbox", metadata: ["file": "\(path)", "reason": "\(reason)"])
                    nextInboxScan = min(nextInboxScan ?? .seconds(1 << 40), now + max(time, .milliseconds(20)))
                case .success(.setAside(let reason)):
                    logger.warning("file set aside", metadata: ["file": "inbox/\(path)", "reason": "\(reason)"])
                case .success(.nothing): break
                }
            }
            // Folders in the inbox are not watched: while there are any, they are looked at every two seconds.
            if try await BlockingWork.run({ try folder.files.list(SpoolLayout.inbox).contains(where: \.isFolder) }) {
                nextInboxScan = min(nextInboxScan ?? .seconds(1 << 40), now + .seconds(2))
            }
        } catch {
            logger.error("inbox/ could not be read", metadata: ["error": "\(error)"])
            nextInboxScan = now + .seconds(2)
        }
    }
}
