public import JobCore
import Synchronization

/// A wall clock that stands still until a test moves it.
public final class ManualClock: Sendable {
    private let milliseconds: Mutex<Int64>

    /// - Parameter start: default 2026-11-23T14:00:00Z.
    public init(_ start: Timestamp = Timestamp(milliseconds: 1_795_442_400_000)) {
        self.milliseconds = Mutex(start.milliseconds)
    }

    /// The time it shows.
    public var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    /// Moves it, also backwards.
    public func advance(by amount: Duration) {
        milliseconds.withLock { $0 += amount.milliseconds }
    }
}
