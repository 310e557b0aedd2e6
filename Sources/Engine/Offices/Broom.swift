import Spool
import Synchronization

/// Gives memory back to the machine that many jobs at once needed for a moment.
///
/// The C library keeps what was freed for later use: after a start with 100,000 queued jobs more than half of the
/// daemon's 60 MB were of that kind.
final class Broom: Sendable {
    /// So many jobs leave something worth sweeping.
    static let threshold = 8192
    /// Others may still be busy with the same jobs.
    static let patience = Duration.milliseconds(200)

    private let bell = Bell()
    private let count = Mutex(0)

    /// So many jobs were looked at or written.
    func note(_ jobs: Int) {
        let isDue = count.withLock { count in
            count += jobs
            guard count >= Self.threshold else { return false }
            count = 0
            return true
        }
        if isDue { bell.ring(after: Self.patience) }
    }

    /// Works until `stop`.
    func run() async {
        for await _ in bell.rings { await BlockingWork.value { FreeMemory.giveBack() } }
    }

    func stop() { bell.stop() }
}
