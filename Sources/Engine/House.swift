import Backends
import Foundation
import JobCore
import Logging
import ServiceLifecycle
import Spool

/// The offices of one process and the lines between them: hints from the folders go to whom they concern.
struct House: Service {
    let folder: SpoolFolder
    private let options: Daemon.Options
    let policy: Policy
    let logger: Logger
    private let origin: SpoolFolder.Origin
    private let daemonLock: (any FileLock)?
    let watch: FolderWatch?
    private let thread: OfficeThread
    let heartbeats: HeartbeatThread
    let dispatcher: Dispatcher
    let pickup: Pickup
    let indexer: Indexer
    let janitor: Janitor
    let archiver: Archiver
    let monitor: Monitor
    let recovery: Recovery
    private let storekeeper: Storekeeper
    private let retention: Retention
    let canceler: RemoteCanceler
    let publisher: Publisher
    let herald: Herald
    let messenger: Messenger
    /// The door for what comes from the network.
    let desk: FrontDesk
    private let broom = Broom()
    let pickupBell: Bell, monitorBell = Bell(), rescanBell = Bell(), shutdownBell = Bell(), storeBell = Bell()
    private let retentionBell = Bell(), watchdogBell = Bell()
    private let notifier = ServiceNotifier(environment: ProcessInfo.processInfo.environment)

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
    ///   - freeBytes: nil asks the spool's disk.
    init(
        settings: Settings, options: Daemon.Options, logger: Logger, registry: BackendRegistry? = nil,
        policy: Policy? = nil, archiveRule: ArchiveRule = ArchiveRule(), store: ArtifactStore? = nil,
        patience: Publisher.Patience = Publisher.Patience(), freeBytes: (@Sendable () -> Int64?)? = nil
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
        messenger = Messenger(folder: opening.folder, settings: settings, haste: patience.haste, logger: logger)
        desk = FrontDesk(settings: settings, folder: opening.folder, herald: herald, messenger: messenger)
        self.herald = herald
        let indexer = Indexer(on: thread, folder: opening.folder, broom: broom, logger: logger) { herald.touch($0) }
        let (folder, bell) = (folder, Bell())
        dispatcher = Dispatcher(
            on: thread, workshop: workshop, slots: settings.slots,
            diskGuard: DiskGuard(minimumFree: settings.minimumFree),
            freeBytes: freeBytes ?? { try? folder.files.space().freeBytes }
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
        retention = Retention(folder: folder, days: settings.retentionDays, logger: logger)
    }

    /// Exports share the processors.
    private static func stitchWidth(_ settings: Settings) -> Int {
        let slots = settings.slots[.ffmpeg] ?? Lane.ffmpeg.defaultSlots
        return max(1, ProcessInfo.processInfo.activeProcessorCount / max(slots, 1))
    }

    var report: Daemon.Report {
        get async { Daemon.Report(done: await dispatcher.doneCount, failed: await dispatcher.failedCount) }
    }

    var isDaemon: Bool { options.role == .daemon }

    func run() async throws {
        try await prepare()
        publisher.announce()
        desk.open()
        notifier?.tellReady()
        logger.notice("ready", metadata: ["spool": "\(folder.root)", "role": "\(options.role)"])
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                addLoops(to: &group)
                await dispatcher.run()
                if isDaemon, options.isOnce { await messenger.flush() }
                await close()
            }
        } onGracefulShutdown: {
            stop()
        }
        daemonLock?.release()
        logger.notice("stopped")
    }

    /// Ends `run` in order: what runs goes back to the queue.
    func stop() {
        notifier?.tellStopping()
        shutdownBell.ring()
    }

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
            await messenger.open()
        }
        let (folder, startsPaused) = (folder, options.startsPaused)
        try await BlockingWork.run {
            if startsPaused { try folder.pause(reason: "started with --paused") }
        }
        await checkPause()
        await pickup.rescan(all: true)
        for bell in [pickupBell, monitorBell, storeBell] { bell.ring() }
        rescanBell.ring(after: rescanInterval)
        if retention.isWanted { retentionBell.ring(after: Retention.pace) }
        watchdogBell.ring()
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
        group.addTask { await messenger.run() }
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
        group.addTask { await tellThatAllIsWell() }
        group.addTask {
            for await _ in retentionBell.rings {
                await retention.round()
                retentionBell.ring(after: Retention.interval)
            }
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
        for bell in [pickupBell, monitorBell, rescanBell, shutdownBell, storeBell, retentionBell, watchdogBell] {
            bell.stop()
        }
        broom.stop()
        await pickup.stop()
        await indexer.stop()
        herald.stop()
        messenger.stop()
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

    /// For systemd's watchdog: the office thread, the pool and the threads for the disk take turns.
    private func tellThatAllIsWell() async {
        for await _ in watchdogBell.rings {
            guard let notifier, let interval = notifier.interval else { continue }
            _ = await pickup.isIdle
            await BlockingWork.value {}
            notifier.tellAlive()
            watchdogBell.ring(after: interval)
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
            messenger.look()
            rescanBell.ring(after: rescanInterval)
        }
    }
}
