/// Finds heartbeats that stopped, by observation: how long a file's stamp stayed the same on our own clock.
///
/// The stamp's own value is never compared with a clock, so clock jumps, future times, network file systems and
/// restored copies cannot make a living worker look dead (design: clocks).
public struct StalenessObserver: Sendable {
    private var sightings: [JobID: (stamp: Int64, firstSeen: Duration)] = [:]

    public init() {}

    /// Takes note of a stamp. - Returns: how long it has been the same; zero when it is new.
    ///
    /// - Parameter now: a clock that counts suspended time and that nobody sets.
    public mutating func observe(_ id: JobID, stamp: Int64, now: Duration) -> Duration {
        if let known = sightings[id], known.stamp == stamp { return now - known.firstSeen }
        sightings[id] = (stamp, now)
        return .zero
    }

    /// Forgets jobs that do not run any more.
    public mutating func keepOnly(_ ids: Set<JobID>) {
        sightings = sightings.filter { ids.contains($0.key) }
    }

    /// Grants everybody a full timeout: after a suspend nobody can have beaten.
    public mutating func startAnew(now: Duration) {
        sightings = sightings.mapValues { ($0.stamp, now) }
    }

    /// How long until the oldest sighting is older than the timeout; nil when there is none.
    public func nextExpiry(timeout: Duration, now: Duration) -> Duration? {
        sightings.values.map(\.firstSeen).min().map { max($0 + timeout - now, .zero) }
    }
}
