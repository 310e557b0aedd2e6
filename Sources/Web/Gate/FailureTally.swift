import Synchronization

/// Counts wrong tokens: whoever guesses is made to wait.
final class FailureTally: Sendable {
    /// So many wrong tokens in one minute are taken for guessing.
    static let limit = 10

    private let failures = Mutex<[ContinuousClock.Instant]>([])

    /// Whether guessing goes on.
    func isExceeded(at now: ContinuousClock.Instant = .now) -> Bool {
        failures.withLock { failures in
            failures.removeAll { now - $0 > .seconds(60) }
            return failures.count >= Self.limit
        }
    }

    func note(at now: ContinuousClock.Instant = .now) { failures.withLock { $0.append(now) } }
}
