import Synchronization

/// Events as they were written last: what hundreds of listeners hear is written once.
final class EventTexts: Sendable {
    /// What an event was written for.
    struct Key: Hashable, Sendable {
        let sequence: Int
        let base: String
    }

    /// More are not heard at the same time.
    static let limit = 512

    private let texts = Mutex<[Key: String]>([:])

    /// The text of an event, from before or written now.
    func text(_ key: Key, write: () -> String) -> String {
        if let text = texts.withLock({ $0[key] }) { return text }
        let text = write()
        texts.withLock { texts in
            if texts.count >= Self.limit { texts = texts.filter { $0.key.sequence > key.sequence - Self.limit / 2 } }
            if texts.count < Self.limit { texts[key] = text }
        }
        return text
    }
}
