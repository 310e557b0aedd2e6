import Synchronization

/// How many of something there are at the moment.
final class ConnectionCount: Sendable {
    private let count = Mutex(0)

    /// Counts one more; false where there are as many as may be.
    func enter(limit: Int) -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
