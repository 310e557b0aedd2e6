import JobCore
import Logging
import Spool

/// Keeps the index like the folders. Whatever happens to the index, jobs go on: it is opened anew and filled again.
actor Indexer {
    private let thread: OfficeThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Progress and heartbeats of running jobs are written this often.
    static let lifeInterval = Duration.seconds(5)
    /// Between two writes: a job that lives shorter is written once, not at each of its steps.
    static let pace = Duration.milliseconds(40)
    /// After an error the index is left alone for this long.
    static let patience = Duration.seconds(5)

    private let folder: SpoolFolder
    private let broom: Broom
    private let logger: Logger
    private let tell: @Sendable ([JobID]) -> Void
    private let bell = Bell()
    private var index: JobIndex?
    private var touched: Set<JobID> = []
    private var toCompare: [JobPlace] = []
    private var mustRefresh = true, mustCheck = false
    private var nextLife: Duration?

    /// - Parameter tell: told of every job that may have changed, before the index knows.
    init(
        on thread: OfficeThread, folder: SpoolFolder, broom: Broom, logger: Logger,
        tell: @escaping @Sendable ([JobID]) -> Void = { _ in }
    ) {
        (self.thread, self.folder, self.broom, self.logger, self.tell) = (thread, folder, broom, logger, tell)
    }

    /// These jobs may have changed.
    func touch(_ ids: [JobID]) {
        guard !ids.isEmpty else { return }
        tell(ids)
        touched.formUnion(ids)
        bell.ring()
    }

    /// Hints were lost: compare everything.
    func refresh() {
        mustRefresh = true
        bell.ring()
    }

    /// A day folder was read: files in it may have been edited in place.
    func compare(_ place: JobPlace) {
        toCompare.append(place)
        bell.ring()
    }

    /// Somebody touched the index's own file.
    func check() {
        mustCheck = true
        bell.ring()
    }

    /// Works until `stop`.
    func run() async {
        bell.ring()
        for await _ in bell.rings {
            do {
                try await work()
            } catch {
                await handle(error)
            }
            try? await Task.sleep(for: Self.pace)
        }
    }

    func stop() { bell.stop() }

    private func work() async throws {
        let index = try await opened()
        if mustCheck {
            mustCheck = false
            if await !BlockingWork.value({ index.isIntact() }) { try await reopen(index) }
        }
        if mustRefresh || index.wasRebuilt {
            mustRefresh = false
            let (folder, wasRebuilt) = (folder, index.wasRebuilt)
            let count = try await BlockingWork.run { try IndexRefresh(folder: folder, index: index).refresh() }
            broom.note(count)
            if wasRebuilt { logger.notice("index filled from the job files", metadata: ["jobs": "\(count)"]) }
        }
        while let place = toCompare.popLast() {
            let folder = folder
            try await BlockingWork.run { _ = try IndexRefresh(folder: folder, index: index).refresh(place) }
        }
        try await update(index)
        logger.trace("index written")
    }

    private func update(_ index: JobIndex) async throws {
        let now = BootClock.now()
        let folder = folder
        let running = try await BlockingWork.run { try folder.ids(in: .running) }
        if !running.isEmpty {
            if nextLife.map({ $0 <= now }) ?? true {
                touched.formUnion(running)
                nextLife = now + Self.lifeInterval
            }
            bell.ring(after: (nextLife ?? now) - now)
        }
        guard !touched.isEmpty else { return }
        let batch = touched
        touched = []
        do {
            try await BlockingWork.run { try IndexRefresh(folder: folder, index: index).update(batch) }
            broom.note(batch.count)
        } catch {
            touched.formUnion(batch)
            throw error
        }
    }

    private func opened() async throws -> JobIndex {
        if let index { return index }
        let path = folder.absolute(SpoolLayout.indexFile)
        let index = try await JobIndex.open(path: path)
        self.index = index
        return index
    }

    private func reopen(_ index: JobIndex) async throws {
        logger.warning("the index is damaged or gone; it is made anew from the job files")
        try await index.reopen()
        mustRefresh = true
    }

    private func handle(_ error: any Error) async {
        mustRefresh = true
        if error is IndexDamaged, let index {
            do {
                try await reopen(index)
                return bell.ring()
            } catch {
                logger.warning("the index could not be made anew", metadata: ["error": "\(error)"])
            }
        } else {
            logger.warning("the index could not be updated", metadata: ["error": "\(error)"])
        }
        index = nil
        bell.ring(after: Self.patience)
    }
}
