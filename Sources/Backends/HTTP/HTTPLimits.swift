/// How long a transfer may take.
public struct HTTPLimits: Sendable, Equatable {
    /// Finding the name, connecting and the TLS handshake together; default 15 s.
    public var connect = Duration.seconds(15)
    /// The whole transfer, nil for any time; default 60 s. Large files want nil and `stall`.
    public var whole: Duration? = .seconds(60)
    /// Slower than `slowest` for this long ends it, nil for never; whole seconds; default 30 s.
    public var stall: Duration? = .seconds(30)
    /// Bytes a second; default 1.
    public var slowest = 1

    public init() {}

    /// For files of any size: no limit for the whole, but one for standing still.
    public static var transfer: HTTPLimits {
        var limits = HTTPLimits()
        limits.whole = nil
        return limits
    }
}
