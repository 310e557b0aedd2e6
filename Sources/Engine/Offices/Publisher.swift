import Backends
import JobCore
import Logging
import Spool
import Synchronization

/// Brings finished artifacts into object storage, and takes away there what nobody wants. What is to be done stands in
/// `storage/`, so it goes on after a restart; what an entry there means, `StoragePlan` says.
///
/// An attempt publishes what it has made before its job is done. Where the storage does not take it, the job is done
/// all the same, and the daemon goes on trying.
///
/// Invariants:
/// 1. Nothing is sent before the entry that names it is on the disk.
/// 2. In a restored copy nothing is stored or removed before a person resumes: the original may still live.
final class Publisher: Sendable {
    /// How long things take; tests are in a hurry.
    struct Patience: Sendable {
        /// From the decision to remove objects to the look that must find none.
        var settling = StoragePace.settling
        /// Waits between tries pass so many times as fast.
        var haste = 1
    }

    private struct State {
        /// When to look at an entry again, and how often in vain it was looked at.
        var due: [StorageFolder: (at: Duration, looks: Int)] = [:]
        /// When objects were seen to be unwanted.
        var unwantedSince: [StorageFolder: Duration] = [:]
        /// What was complained about last.
        var complaints: [StorageFolder: String] = [:]
        /// The last attempt found no storage that answers: the next one does not wait as long for it.
        var isDown = false
    }

    private let folder: SpoolFolder
    private let store: ArtifactStore
    private let patience: Patience
    private let logger: Logger
    private let state = Mutex(State())
    private let bell = Bell(), stopBell = Bell()

    init(folder: SpoolFolder, store: ArtifactStore, patience: Patience = Patience(), logger: Logger) {
        (self.folder, self.store, self.patience, self.logger) = (folder, store, patience, logger)
    }

    // MARK: - In an attempt

    /// Whether artifacts are to be published.
    var isWanted: Bool { store.isWanted }

    /// Publishes what an attempt has made; tries a few times.
    ///
    /// - Parameter onEntry: told, before anything is sent, what the job may end with from then on.
    /// - Returns: nil without object storage. Where it does not take the files, a publication that waits, with the
    ///   reason: the job is none the worse for it.
    /// - Throws: `CancellationError` alone.
    func publish(
        _ artifacts: [Artifact], of job: ClaimedJob, report: @escaping @Sendable (BackendEvent) -> Void,
        onEntry: (Publication) -> Void
    ) async throws -> Publication? {
        guard store.isWanted, !artifacts.isEmpty else { return nil }
        let (folder, place) = (folder, store.place)
        let begun: (entry: StorageEntry, isNew: Bool, isPaused: Bool)
        do {
            begun = try await BlockingWork.run {
                let (entry, isNew) = try folder.beginStorage(of: job, at: place)
                return (entry, isNew, try folder.arePaidLanesPaused())
            }
        } catch {
            report(.warning("Not in object storage: what is about to be stored could not be recorded (\(error))."))
            return nil
        }
        var publication = Publication(begun.entry.folder, at: begun.entry.place, isPublished: false)
        onEntry(publication)
        guard !begun.isPaused else { return publication }
        // Nothing is left but this: whoever looks must not think that a GPU is warming up.
        report(.progress(percent: 99, message: "Publishing."))
        report(.standing(nil, "Publishing."))
        let files = folder.storedFiles(artifacts, of: job.id, job.attempt)
        var (entry, tries) = (begun.entry, 0)
        while true {
            tries += 1
            do {
                entry = try await placed(entry)
                publication.place = entry.place
                try await put(files, entry, isResuming: !begun.isNew || tries > 1) { sent, total in
                    report(.standing(nil, "Publishing: \(total > 0 ? sent * 100 / total : 100) %"))
                }
                publication.isPublished = true
                state.withLock { $0.isDown = false }
                report(.log("published in bucket \(entry.place?.bucket ?? "")"))
                return publication
            } catch {
                try Task.checkCancellation()
                let failure = Self.failure(error)
                report(.log("object storage: \(failure)"))
                let limit = state.withLock { $0.isDown } ? 1 : StoragePace.tries
                guard failure.isRetryable, tries < limit else {
                    state.withLock { $0.isDown = failure.isRetryable }
                    publication.error = failure
                    log(.warning, "not published yet", job.id, ["error": "\(failure)"])
                    return publication
                }
                try await Task.sleep(for: StoragePace.pause(after: tries) / patience.haste)
            }
        }
    }

    private func put(
        _ files: [SpoolFolder.StoredFile], _ entry: StorageEntry, isResuming: Bool,
        progress: @escaping @Sendable (Int64, Int64) -> Void = { _, _ in }
    ) async throws {
        try await store.put(
            files.map { ArtifactStore.File(name: $0.name, path: $0.path, sha256: $0.sha256) }, under: entry.folder,
            at: entry.place, isResuming: isResuming, progress: progress)
    }

    /// The entry with the place that the settings name now. What it has elsewhere goes first, as far as the key
    /// reaches.
    private func placed(_ entry: StorageEntry) async throws -> StorageEntry {
        guard let place = store.place, entry.place != place else { return entry }
        if let old = entry.place {
            do {
                _ = try await store.removeAll(under: entry.folder, at: old)
            } catch let failure as Failure where !failure.isRetryable {
                // A wrong name that was set right, or a server that is no longer ours to ask.
                log(.warning, "what it may have elsewhere is left", entry.job, ["error": "\(failure)"])
            }
        }
        let folder = folder
        return try await BlockingWork.run { try folder.setPlace(place, of: entry) }
    }

    private static func failure(_ error: any Error) -> Failure {
        switch error {
        case let failure as Failure: failure
        case let error as FileError: error.failure
        default: Failure(.internalError, "Object storage: \(error).")
        }
    }

    // MARK: - Beside the attempts

    /// Says where films go: settings for other programs may stand in the environment, too.
    func announce() {
        if let place = store.place {
            logger.notice(
                "what jobs make is published", metadata: ["bucket": "\(place.bucket)", "endpoint": "\(place.endpoint)"])
        } else if let complaint = store.complaint {
            logger.warning(
                "what jobs make cannot be published", metadata: ["error": "\(complaint)", "hint": "\(complaint.hint)"])
        }
    }

    /// Something of these jobs has changed.
    func touch(_ ids: [JobID]) {
        let isKnown = state.withLock { state in
            let known = state.due.keys.filter { ids.contains($0.job) }
            for folder in known { state.due[folder] = (.zero, 0) }
            return !known.isEmpty
        }
        if isKnown { bell.ring() }
    }

    /// Entries came, or what was in their way may be gone.
    func look(again: Bool = false) {
        if again {
            state.withLock { state in
                for folder in state.due.keys { state.due[folder] = (.zero, 0) }
            }
        }
        bell.ring()
    }

    /// Works until `stop`.
    ///
    /// - Parameters:
    ///   - isPublishing: stores what waits, too; one process a spool does.
    ///   - onChange: told the jobs of which links have changed.
    func run(isPublishing: Bool, onChange: @escaping @Sendable ([JobID]) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                bell.ring()
                for await _ in bell.rings {
                    await round(isPublishing, onChange)
                    guard !Task.isCancelled else { return }
                    if let next = state.withLock({ $0.due.values.map(\.at).min() }) {
                        bell.ring(after: max(next - BootClock.now(), .milliseconds(1)))
                    }
                }
            }
            // A transfer under way must not hold up the end of the process.
            group.addTask { [self] in for await _ in stopBell.rings {} }
            await group.next()
            group.cancelAll()
        }
    }

    func stop() {
        bell.stop()
        stopBell.stop()
    }

    private func round(_ isPublishing: Bool, _ onChange: @Sendable ([JobID]) async -> Void) async {
        let folder = folder
        do {
            let (entries, isPaused) = try await BlockingWork.run {
                (try folder.storageEntries(), try folder.arePaidLanesPaused())
            }
            let now = BootClock.now()
            let known = Set(entries.map(\.folder))
            state.withLock { state in
                for old in state.due.keys where !known.contains(old) {
                    (state.due[old], state.unwantedSince[old], state.complaints[old]) = (nil, nil, nil)
                }
                for new in known where state.due[new] == nil { state.due[new] = (.zero, 0) }
            }
            var closed: Set<Bool> = []
            // What goes is quick, and nobody shall find it.
            for entry in entries.filter(\.isUnwanted) + entries.filter({ !$0.isUnwanted }) {
                guard !Task.isCancelled else { return }
                guard let due = state.withLock({ $0.due[entry.folder] }), due.at <= now else { continue }
                // Somebody who asks again meanwhile is served first.
                postpone(entry.folder, StoragePace.delay(after: due.looks + 1), looks: due.looks + 1)
                // What the storage refuses to one, it refuses to all: they are not sent against the wall one by one.
                guard !isPaused, !closed.contains(entry.isUnwanted) else { continue }
                if await !step(entry, isPublishing, onChange) { closed.insert(entry.isUnwanted) }
            }
        } catch {
            logger.error("storage/ could not be read", metadata: ["error": "\(error)"])
            bell.ring(after: StoragePace.delay(after: 1))
        }
    }

    private func postpone(_ folder: StorageFolder, _ delay: Duration, looks: Int) {
        state.withLock { $0.due[folder] = (BootClock.now() + delay / patience.haste, looks) }
    }

    /// - Returns: false when the storage takes nothing now, of this entry or of any other.
    private func step(
        _ entry: StorageEntry, _ isPublishing: Bool, _ onChange: @Sendable ([JobID]) async -> Void
    ) async -> Bool {
        let folder = folder
        do {
            switch try await BlockingWork.run({ try folder.storageWork(for: entry) }) {
            case .wait: break
            case .settled: await onChange([entry.job])
            case .publish(let entry, let files):
                guard isPublishing, store.isWanted else { break }
                try await publish(entry, files)
            case .remove(let entry): try await remove(entry)
            }
            return true
        } catch is CancellationError {
            return false
        } catch {
            let failure = Self.failure(error)
            complain(entry, failure)
            // Objects may be at a place that only other settings reach.
            return !failure.isRetryable && (entry.isUnwanted || failure.code != .configError)
        }
    }

    private func publish(_ entry: StorageEntry, _ files: [SpoolFolder.StoredFile]) async throws {
        let folder = folder
        let entry = try await placed(entry)
        try await put(files, entry, isResuming: true)
        if try await BlockingWork.run({ try folder.notePublished(entry) }) {
            log(.notice, "published", entry.job, ["bucket": "\(entry.place?.bucket ?? "")"])
            try? await BlockingWork.run { try folder.log("published in object storage", entry.job) }
        }
        // Whatever came of it: the next look tells what follows.
        postpone(entry.folder, .zero, looks: 0)
    }

    private func remove(_ entry: StorageEntry) async throws {
        let folder = folder
        var isGone = entry.place == nil
        if let place = entry.place {
            let now = BootClock.now()
            let since = state.withLock { state in
                state.unwantedSince[entry.folder] = state.unwantedSince[entry.folder] ?? now
                return state.unwantedSince[entry.folder] ?? now
            }
            let count = try await store.removeAll(under: entry.folder, at: place)
            isGone = count == 0 && now - since >= patience.settling
            if count > 0 { log(.info, "objects removed", entry.job, ["count": "\(count)"]) }
            if !isGone {
                let next = max(BootClock.now() + .milliseconds(500) / patience.haste, since + patience.settling)
                state.withLock { $0.due[entry.folder] = (next, 0) }
            }
        }
        guard isGone else { return }
        try await BlockingWork.run { try folder.removeStorage(entry) }
        log(.info, "nothing of it is left in object storage", entry.job, [:])
    }

    /// Once for each reason: the same one every ten minutes helps nobody.
    private func complain(_ entry: StorageEntry, _ failure: Failure) {
        let isNew = state.withLock { state in
            defer { state.complaints[entry.folder] = failure.message }
            return state.complaints[entry.folder] != failure.message
        }
        guard isNew else { return }
        let what: Logger.Message = entry.isUnwanted ? "objects could not be removed yet" : "not published yet"
        log(.warning, what, entry.job, ["error": "\(failure)", "hint": "\(failure.hint)"])
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ id: JobID, _ facts: Logger.Metadata) {
        logger.log(level: level, message, metadata: facts.merging(["job.id": "\(id)"]) { first, _ in first })
    }
}
