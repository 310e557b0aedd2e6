import Synchronization

/// What one listener has still to be sent, up to a limit in bytes: who reads more slowly than things happen must not
/// make the daemon grow.
final class EventBacklog: Sendable {
    private struct State {
        var texts: [String] = []
        var bytes = 0
        var isOver = false
    }

    /// So many bytes may wait for one listener.
    static let limit = 256 * 1024

    /// Rings when there is something to send, and when nothing more comes.
    let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let state = Mutex(State())

    init() { (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    /// Adds an event. - Returns: false when too much waits: this one and all further ones are not told.
    func add(_ text: String) -> Bool {
        let isAdded = state.withLock { state in
            guard !state.isOver, state.bytes + text.utf8.count <= Self.limit else { return false }
            state.texts.append(text)
            state.bytes += text.utf8.count
            return true
        }
        if isAdded { bell.yield() } else { end() }
        return isAdded
    }

    /// All that waits, as one text; nil when nothing does.
    func take() -> String? {
        state.withLock { state in
            defer { (state.texts, state.bytes) = ([], 0) }
            return state.texts.isEmpty ? nil : state.texts.joined()
        }
    }

    /// Nothing more comes; what waits is still sent.
    func end() {
        state.withLock { $0.isOver = true }
        bell.finish()
    }
}
