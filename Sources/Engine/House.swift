import Backends
import Foundation
import JobCore
import Logging
import ServiceLifecycle
import Spool

/// The offices of one process and the lines between them: hints from the folders go to whom they concern.
struct House: Service {
    private let folder: SpoolFolder
    private let options: Daemon.Options
    private let policy: Policy
    private let logger: Logger
    private let origin: SpoolFolder.Origin
    private let daemonLock: (any FileLock)?
    private let watch: FolderWatch?
    private let thread: OfficeThread
    private let heartbeats: HeartbeatThread
    private let dispatcher: Dispatcher
    private let pickup: Pickup
    private let indexer: Indexer
    private let janitor: Janitor
    private let archiver: Archiver
    private let monitor: Monitor
    private let recovery: Recovery
    private let storekeeper: Storekeeper
    private let canceler: RemoteCanceler
    private let publisher: Publisher
    private let herald: Herald
    /// The door for what comes from the network.
    let desk: FrontDesk
    private let broom = Broom()
    private let pickupBell: Bell, monitorBell = Bell(), rescanBell = Bell(), shutdownBell = Bell(), storeBell = Bell()

    /// Folders whose changes are listened to.
    private static let watched =
        [SpoolLayout.inbox, SpoolLayout.meta, SpoolLayout.index, SpoolLayout.storage, SpoolLayout.trash]
        + JobState.allCases.map(\.rawValue)

    /// Opens the spool and takes its lock.
    ///
    /// - Parameters:
    ///   - registry: nil takes the backends of this version; tests bring their own.
    ///   - policy: nil takes the settings'.
    ///   - archiveRule: which ended jobs rest in day folders.
    ///   - store: nil takes the settings'.
    init(
        settings: Settings, options: Daemon.Options, logger: Logger, registry: BackendRegistry? = nil,
        policy: Policy? = nil, archiveRule: ArchiveRule = ArchiveRule(), store: ArtifactStore? = nil,
        patience: Publisher.Patience = Publisher.Patience()
    ) async throws {
        let opening = try await BlockingWork.run { try Opening(settings: settings, role: options.role) }
        (folder, origin, daemonLock) = (opening.folder, opening.origin, opening.daemonLock)
        let policy = policy ?? settings.policy
        (self.options, self.logger, self.policy) = (options, logger, policy)
        heartbeats = try HeartbeatThread(files: folder.files, policy: policy)
        thread = try OfficeThread()
        do {
            watch = try FolderWatch(root: folder.root, folders: Self.watched, on: thread)
        } catch {
            watch = nil
            logger.warning("folders cannot be watched; looking every 2 s instead", metadata: ["error": "\(error)"])
        }
        let configuration = BackendConfiguration(
            mediaRoots: settings.mediaRoots, stitchWidth: Self.stitchWidth(settings), cacheLimit: settings.cacheLimit,
            runpod: settings.runpod
        ).withStorage(of: settings)
        let registry = registry ?? BackendRegistry(configuration: configuration)
        publisher = Publisher(
            folder: folder, store: store ?? ArtifactStore(configuration), patience: patience, logger: logger)
        let workshop = Workshop(
            folder: folder, registry: registry, heartbeats: heartbeats, policy: policy,
            owner: opening.owner, publisher: publisher, logger: logger)
        let herald = Herald(folder: opening.folder, policy: policy, logger: logger)
        (self.herald, desk) = (herald, FrontDesk(settings: settings, folder: opening.folder, herald: herald))
        let indexer = Indexer(on: thread, folder: opening.folder, broom: broom, logger: logger) { herald.touch($0) }
        let (folder, bell) = (folder, Bell())
        dispatcher = Dispatcher(
            on: thread, workshop: workshop, slots: settings.slots, minimumFree: settings.minimumFree
        ) { id, outcome in
            await indexer.touch([id])
            // With `isOnce` any ending may be the last; otherwise only what did not end well can need another look.
            if outcome != .ended(.done) || options.isOnce { bell.ring() }
        }
        pickup = Pickup(
            on: thread, folder: folder, registry: registry, policy: policy, broom: broom, logger: logger,
            dispatcher: dispatcher, only: options.only
        ) { await indexer.touch($0) }
        (self.indexer, pickupBell) = (indexer, bell)
        janitor = Janitor(on: thread, folder: folder, patience: policy.settleAge, logger: logger)
        let office = dispatcher
        recovery = Recovery(folder: folder, policy: policy, logger: logger) { await office.attach($0) }
        monitor = Monitor(folder: folder, policy: policy, logger: logger, recovery: recovery)
        canceler = workshop.canceler
        archiver = Archiver(on: thread, folder: folder, rule: archiveRule, recovery: recovery, logger: logger) {
            await indexer.compare($0)
        }
        storekeeper = Storekeeper(folder: folder, recovery: recovery, logger: logger)
    }

    /// Exports share the processors.
    private static func stitchWidth(_ settings: Settings) -> Int {
        let slots = settings.slots[.ffmpeg] ?? Lane.ffmpeg.defaultSlots
        return max(1, ProcessInfo.processInfo.activeProcessorCount / max(slots, 1))
    }

    var report: Daemon.Report {
        get async { Daemon.Report(done: await dispatcher.doneCount, failed: await dispatcher.failedCount) }
    }

    private var isDaemon: Bool { options.role == .daemon }

    func run() async throws {
        try await prepare()
        publisher.announce()
        desk.open()
        logger.notice("ready", metadata: ["spool": "\(folder.root)", "role": "\(options.role)"])
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                addLoops(to: &group)
                await dispatcher.run()
                await close()
            }
        } onGracefulShutdown: {
            stop()
        }
        daemonLock?.release()
        logger.notice("stopped")
    }

    /// Ends `run` in order: what runs goes back to the queue.
    func stop() { shutdownBell.ring() }

    private func prepare() async throws {
        if isDaemon {
            if origin == .restored {
                try await recovery.recoverCopy()
                let folder = folder
                try await BlockingWork.run {
                    try folder.forgetBallast()
                    try folder.confirmIdentity()
                }
            }
            try await recovery.recoverAtStart()
            let folder = folder
            if try await BlockingWork.run({ try folder.isFirstStartOfBoot() }) {
                try await recovery.recoverAfterBoot()
            }
        }
        let (folder, startsPaused) = (folder, options.startsPaused)
        try await BlockingWork.run {
            if startsPaused { try folder.pause(reason: "started with --paused") }
        }
        await checkPause()
        await pickup.rescan(all: true)
        for bell in [pickupBell, monitorBell, storeBell] { bell.ring() }
        rescanBell.ring(after: rescanInterval)
    }

    private func addLoops(to group: inout DiscardingTaskGroup) {
        // On the way from a drop to its start, nothing may wake another thread.
        group.addTask(executorPreference: thread) { await listen(pickup) }
        group.addTask(executorPreference: thread) { await pickUp(pickup) }
        group.addTask { await rescan() }
        group.addTask { await pickup.settle() }
        group.addTask { await broom.run() }
        group.addTask { for await _ in shutdownBell.rings { await dispatcher.drain() } }
        group.addTask { await canceler.run() }
        group.addTask {
            await publisher.run(isPublishing: isDaemon) { [indexer, isDaemon] in
                if isDaemon { await indexer.touch($0) }
            }
        }
        guard isDaemon else { return }
        group.addTask { await indexer.run() }
        group.addTask { await herald.run() }
        group.addTask { await desk.lookout.run() }
        group.addTask { await janitor.run() }
        group.addTask { await watchDayFolders() }
        group.addTask { await archiver.run() }
        group.addTask {
            await recovery.sweepCanceled()
            await canceler.lookAtCanceled()
        }
        group.addTask {
            for await _ in monitorBell.rings { monitorBell.ring(after: await monitor.round(at: BootClock.now())) }
        }
        group.addTask {
            for await _ in storeBell.rings {
                if let delay = await storekeeper.round() { storeBell.ring(after: delay) }
            }
        }
    }

    /// Ends every loop; the attempts are over by now.
    private func close() async {
        watch?.stop()
        heartbeats.stop()
        for bell in [pickupBell, monitorBell, rescanBell, shutdownBell, storeBell] { bell.stop() }
        broom.stop()
        await pickup.stop()
        await indexer.stop()
        herald.stop()
        desk.lookout.stop()
        await janitor.stop()
        await archiver.stop()
        canceler.stop()
        publisher.stop()
    }

    private func pickUp(_ pickup: isolated Pickup) async {
        for await _ in pickupBell.rings {
            await pickup.work(at: BootClock.now())
            if let delay = pickup.nextDelay(at: BootClock.now()) { pickupBell.ring(after: delay) }
            if options.isOnce, await isQueueEmpty() { await dispatcher.drain() }
        }
    }

    private func isQueueEmpty() async -> Bool {
        guard await pickup.isIdle, await dispatcher.isIdle else { return false }
        let folder = folder
        let ids = try? await BlockingWork.run { try folder.ids(in: .queued) + folder.ids(in: .running) }
        return ids?.isEmpty ?? false
    }

    /// Without events, or where other machines change the folders, time is the only hint.
    private var rescanInterval: Duration {
        let isShared = (folder.files as? LinuxFileSystem)?.isShared ?? false
        return watch == nil || isShared ? .seconds(2) : policy.monitorInterval
    }

    private func rescan() async {
        for await _ in rescanBell.rings {
            await pickup.rescan(all: rescanInterval < policy.monitorInterval)
            if rescanInterval < policy.monitorInterval { await indexer.refresh() }
            if isDaemon {
                await indexer.check()
                await canceler.lookAtDeleted()
            }
            await checkPause()
            for bell in [pickupBell, storeBell] { bell.ring() }
            publisher.look()
            rescanBell.ring(after: rescanInterval)
        }
    }
}

/// Hints, and whom they concern.
extension House {
    private func listen(_ pickup: isolated Pickup) async {
        guard let watch else { return }
        for await _ in watch.signals {
            let hints = watch.drain()
            if hints.mustRescan { await lookAtEverything() }
            for (folder, names) in hints.names { await route(names, in: folder, pickup) }
        }
    }

    private func route(
        _ names: [String: WatchHints.Change], in folder: String, _ pickup: isolated Pickup
    ) async {
        switch folder {
        case SpoolLayout.inbox:
            pickup.lookAtInbox(names)
            pickupBell.ring()
        case SpoolLayout.meta:
            await checkPause()
            storeBell.ring()
            if names.keys.contains(where: { "meta/\($0)" == SpoolLayout.pausedPaid }) { publisher.look(again: true) }
        case SpoolLayout.storage: publisher.look()
        case SpoolLayout.trash:
            // Of a job that was deleted something may run on elsewhere.
            if isDaemon { for id in Self.ids(of: names, .appeared) { canceler.look(at: id) } }
        case SpoolLayout.index:
            let isTouched = names.contains { name, change in
                let isOwn = "index/\(name)" == SpoolLayout.indexFile
                return !change.isDisjoint(with: isOwn ? [.deleted, .left, .closed, .appeared] : [.deleted, .left])
            }
            if isTouched { await indexer.check() }
        default:
            guard let place = SpoolLayout.place(ofFolder: folder) else { return }
            if place.day == nil {
                await route(names, in: place.state, pickup)
            } else if isDaemon {
                await route(names, in: place, pickup)
            }
        }
    }

    private func route(
        _ names: [String: WatchHints.Change], in state: JobState, _ pickup: isolated Pickup
    ) async {
        let ids = names.keys.compactMap(SpoolLayout.id(ofToken:))
        switch state {
        case .queued:
            pickup.look(at: names)
        case .running:
            let left = names.filter { !$0.value.isDisjoint(with: [.left, .deleted]) }.keys
            heartbeats.check(left.compactMap(SpoolLayout.id(ofToken:)))
        case .done, .failed, .canceled:
            pickup.jobsEnded(ids)
            if isDaemon {
                await archiver.jobsEnded(names.values.count { $0.contains(.appeared) }, in: state)
                // By plain `mv`, or by a program that did not live to finish its cancel.
                if state == .canceled {
                    for id in Self.ids(of: names, .appeared) {
                        await recovery.recover(id)
                        canceler.look(at: id)
                    }
                }
                await lookAtDays(Set(names.keys.compactMap { Day($0) }), in: state)
            }
        }
        pickupBell.ring()
        publisher.touch(ids)
        // What starts jobs comes first, what tells of them after it.
        if isDaemon {
            await janitor.noteRemoval(of: Self.ids(of: names, .deleted), at: BootClock.now())
            await indexer.touch(ids)
        }
    }

    /// What people do in a day folder means the same as in the folder of the state.
    private func route(
        _ names: [String: WatchHints.Change], in place: JobPlace, _ pickup: isolated Pickup
    ) async {
        let ids = names.keys.compactMap(SpoolLayout.id(ofToken:))
        pickup.jobsEnded(ids)
        pickupBell.ring()
        publisher.touch(ids)
        if place.state == .canceled {
            for id in Self.ids(of: names, .appeared) { await recovery.recover(id, known: [place]) }
        }
        await janitor.noteRemoval(of: Self.ids(of: names, .deleted), at: BootClock.now())
        await indexer.touch(ids)
    }

    private static func ids(of names: [String: WatchHints.Change], _ change: WatchHints.Change) -> [JobID] {
        names.filter { $0.value.contains(change) }.keys.compactMap(SpoolLayout.id(ofToken:))
    }

    /// Day folders that came, went or were moved.
    private func lookAtDays(_ days: Set<Day>, in state: JobState) async {
        guard !days.isEmpty else { return }
        for day in days { watch?.add(SpoolLayout.folder(of: JobPlace(state, on: day))) }
        await indexer.refresh()
    }

    private func watchDayFolders() async {
        guard let watch else { return }
        let (folder, logger) = (folder, logger)
        await BlockingWork.value {
            let places = (try? folder.dayFolders()) ?? []
            let missed = places.filter { !watch.add(SpoolLayout.folder(of: $0)) }
            logger.debug("day folders are watched", metadata: ["folders": "\(places.count - missed.count)"])
            guard !missed.isEmpty else { return }
            logger.warning("day folders cannot be watched", metadata: ["folders": "\(missed.count)"])
        }
    }

    private func lookAtEverything() async {
        logger.notice("events were lost: looking at every folder")
        let folder = folder
        do {
            _ = try await BlockingWork.run { try folder.prepare(isRecognising: false) }
        } catch {
            logger.error("the spool's folders could not be made again", metadata: ["error": "\(error)"])
        }
        watch?.renew()
        herald.forgetEverything()
        heartbeats.check()
        await pickup.rescan(all: true)
        await indexer.refresh()
        await checkPause()
        for bell in [pickupBell, monitorBell] { bell.ring() }
    }

    private func checkPause() async {
        herald.touchQueue()
        let folder = folder
        do {
            let (isPaused, arePaid) = try await BlockingWork.run {
                (try folder.isPaused(), try folder.arePaidLanesPaused())
            }
            await dispatcher.setPaused(isPaused)
            await dispatcher.close(arePaid ? Set(Lane.allCases.filter(\.isPaid)) : [])
        } catch {
            logger.error("meta/ could not be read", metadata: ["error": "\(error)"])
        }
    }
}
