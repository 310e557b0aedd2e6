/// How long to wait between two looks at an entry in `storage/`.
public enum StoragePace {
    /// After so many looks in a row that did not end it: 5 s, doubling, at most 10 minutes.
    public static func delay(after looks: Int) -> Duration { .seconds(min(5 << min(max(looks, 1) - 1, 7), 600)) }

    /// Bytes that a dead or canceled owner had sent may become an object a moment later: objects are gone when a look
    /// so long after the decision finds none.
    public static let settling = Duration.seconds(10)

    /// Tries of an attempt before its job ends without its objects, and the pause after each.
    public static let tries = 3
    public static func pause(after tries: Int) -> Duration { .seconds(5 * tries) }
}
