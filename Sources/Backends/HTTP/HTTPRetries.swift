import JobCore

/// How often a download, or another request that may be repeated, is taken up again.
public struct HTTPRetries: Sendable {
    /// Tries in a row without a new byte; default 5.
    public var limit = 5
    /// Passes the time between two tries; throws when the task is cancelled.
    var pause: @Sendable (Duration) async throws -> Void = { try await ContinuousClock().sleep(for: $0) }

    public init() {}

    /// 1 s, 2 s, 4 s, …, at most 30 s; what the server asks for where it does.
    static func wait(afterTries tries: Int, asked: Duration?) -> Duration {
        asked ?? .seconds(min(1 << min(max(tries, 1) - 1, 5), 30))
    }
}
