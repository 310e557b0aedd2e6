import Synchronization

/// Whether this process was told to stop. Whoever waits for a disk that takes nothing gives up then: the next start
/// recovers what is left in `running/`.
final class Stopping: Sendable {
    private let value = Atomic(false)

    var hasBegun: Bool { value.load(ordering: .acquiring) }

    func begin() { value.store(true, ordering: .releasing) }
}
