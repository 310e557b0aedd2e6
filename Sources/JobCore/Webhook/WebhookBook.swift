/// What the daemon knows of webhooks beside the deliveries: `meta/webhooks.json`.
public struct WebhookBook: Sendable, Equatable {
    /// When webhooks were switched on. Nothing earlier is told: nobody wants to hear of last year.
    public let start: Timestamp
    /// Of every ending before this moment the deliveries are on the disk.
    public var since: Timestamp
    /// When the job ended after which the queue was told to be idle.
    public var idleAfter: Timestamp?
    /// Since when the disk has too little room; nil while it has enough.
    public var lowSince: Timestamp?
    /// Keys of endpoints that want nothing any more, the first the oldest.
    public var disabled: [String]

    public init(
        start: Timestamp, since: Timestamp? = nil, idleAfter: Timestamp? = nil, lowSince: Timestamp? = nil,
        disabled: [String] = []
    ) {
        (self.start, self.since) = (start, since ?? start)
        (self.idleAfter, self.lowSince, self.disabled) = (idleAfter, lowSince, disabled)
    }

    /// So many endpoints are remembered as disabled; jobs may name many.
    public static let disabledLimit = 1000

    /// The endpoint wants nothing any more.
    public mutating func disable(_ key: String) {
        guard !disabled.contains(key) else { return }
        disabled = (disabled + [key]).suffix(Self.disabledLimit)
    }

    /// Whether the disk has become too full or has room again: a tenth more than the minimum, so that it does not
    /// flicker.
    ///
    /// - Returns: whether anything changed.
    public mutating func note(_ space: DiskSpace, minimum: Int64, at now: Timestamp) -> Bool {
        if lowSince == nil, space.freeBytes < minimum {
            lowSince = now
            return true
        }
        if lowSince != nil, space.freeBytes >= minimum + minimum / 10 {
            lowSince = nil
            return true
        }
        return false
    }

    public var json: JSONValue {
        func time(_ timestamp: Timestamp?) -> JSONValue { timestamp.map { .string($0.text) } ?? .null }
        return [
            "start": time(start), "since": time(since), "idle_after": time(idleAfter), "low_since": time(lowSince),
            "disabled": .array(disabled.map { .string($0) }),
        ]
    }

    /// Reads what `json` wrote; nil for anything else.
    public init?(json: JSONValue) {
        func time(_ name: String) -> Timestamp? { json.object?[name]?.string.flatMap { Timestamp($0) } }
        guard let start = time("start") else { return nil }
        let disabled = (json.object?["disabled"]?.array ?? []).compactMap(\.string)
        self.init(
            start: start, since: time("since"), idleAfter: time("idle_after"), lowSince: time("low_since"),
            disabled: disabled)
    }
}
