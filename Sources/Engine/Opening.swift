import Foundation
import JobCore
import Spool

/// Opening a spool for work: the folder is made where it is missing, checked, and locked for a daemon.
struct Opening: Sendable {
    let folder: SpoolFolder
    let origin: SpoolFolder.Origin
    let owner: RunRecord.Owner
    /// Held for life by a daemon; nil for a worker.
    let daemonLock: (any FileLock)?

    /// A command that only asks whether there is a daemon holds the lock for a blink.
    private static let lockTries = 20

    /// Blocking.
    ///
    /// - Throws: `DaemonIsRunning`, `Failure`.
    init(settings: Settings, role: Daemon.Role) throws {
        folder = try SpoolFolder.open(settings.spool, durability: settings.durability, isCreating: true)
        origin = try folder.prepare(isRecognising: role == .daemon)
        guard role == .daemon else {
            daemonLock = nil
            owner = ProcessIdentity.mine(daemonStart: try folder.daemonStarts())
            return
        }
        var lock: (any FileLock)?
        for attempt in 0..<Self.lockTries where lock == nil {
            if attempt > 0 { Self.pause() }
            lock = try folder.lockForDaemon(owner: ProcessIdentity.mine(daemonStart: 0))
        }
        guard let lock else { throw DaemonIsRunning(holder: try folder.daemonHolder() ?? "another process") }
        daemonLock = lock
        try folder.countDaemonStart()
        owner = ProcessIdentity.mine(daemonStart: try folder.daemonStarts())
    }

    /// Blocks this thread, which is nobody else's, for 10 ms.
    private static func pause() { _ = poll(nil, 0, 10) }
}
