import Synchronization

/// How many requests were answered, by the first digit of the status.
final class RequestCounters: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    func note(status: Int) { counts.withLock { $0[status / 100, default: 0] += 1 } }

    /// Counts by `2xx`, `4xx`, …
    var all: [(label: String, count: Int)] {
        counts.withLock { $0.sorted { $0.key < $1.key }.map { ("\($0.key)xx", $0.value) } }
    }
}
