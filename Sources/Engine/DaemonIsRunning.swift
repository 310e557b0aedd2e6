/// Another daemon holds the spool.
public struct DaemonIsRunning: Error, Sendable, Equatable {
    /// Who holds it, for people: `process 4711 on studio`.
    public let holder: String

    public init(holder: String) { self.holder = holder }
}
