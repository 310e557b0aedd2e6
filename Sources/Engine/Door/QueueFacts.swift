public import JobCore

/// How the queue stands.
public struct QueueFacts: Sendable, Equatable {
    public let queued: Int, running: Int
    /// Nothing new starts; nothing new that costs money.
    public let isPaused: Bool, isPaidPaused: Bool

    /// The object of the HTTP API.
    public var json: JSONValue {
        [
            "queued": .integer(Int64(queued)), "running": .integer(Int64(running)), "paused": .bool(isPaused),
            "paid_paused": .bool(isPaidPaused),
        ]
    }
}
