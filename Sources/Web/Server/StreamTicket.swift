import Synchronization

/// A place among those who listen; given back once, also when the answer is never sent.
final class StreamTicket: Sendable {
    private let count: ConnectionCount
    private let isHeld = Atomic(true)

    init(_ count: ConnectionCount) { self.count = count }

    deinit { leave() }

    func leave() {
        if isHeld.exchange(false, ordering: .relaxed) { count.leave() }
    }
}
