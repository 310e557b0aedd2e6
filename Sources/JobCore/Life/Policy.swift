/// The times and limits by which jobs live. Values only; the settings that fill it are in `Settings`.
///
/// Invariants:
/// 1. `heartbeatInterval` < `giveUpAfter` < `heartbeatTimeout`: a worker that could not touch its heartbeat stops its
///    own backend well before the monitor fails the job, so no output can appear after `worker_timeout`.
/// 2. Every duration is longer than zero.
public struct Policy: Sendable, Equatable {
    /// How often a worker touches its heartbeat file; default 2 s.
    public let heartbeatInterval: Duration
    /// How often stale heartbeats are looked for; default 30 s.
    public let monitorInterval: Duration
    /// No heartbeat for longer than this: failed with `worker_timeout`; default 600 s.
    public let heartbeatTimeout: Duration
    /// Running with progress 0 for longer: `warming_gpu`; default 15 s.
    public let coldStartThreshold: Duration
    /// A file in a drop folder that does not read and did not change for this long is set aside; default 60 s.
    public let tornFileAge: Duration
    /// A file that nobody was seen closing is taken when it did not change for this long; default 2 s.
    public let settleAge: Duration
    /// Workers that may die on one job in a row before the job is failed; default 3.
    public let crashLimit: Int

    /// A worker that could not beat for this long stops its own backend: half the timeout.
    public var giveUpAfter: Duration { heartbeatTimeout / 2 }

    /// - Throws: `config_error` that names the setting when an order or a range is broken.
    public init(
        heartbeatInterval: Duration = .seconds(2), monitorInterval: Duration = .seconds(30),
        heartbeatTimeout: Duration = .seconds(600), coldStartThreshold: Duration = .seconds(15),
        tornFileAge: Duration = .seconds(60), settleAge: Duration = .seconds(2), crashLimit: Int = 3
    ) throws(Failure) {
        func require(_ condition: Bool, _ message: String, _ hint: String) throws(Failure) {
            if !condition { throw Failure(.configError, message, hint: hint) }
        }
        let all = [heartbeatInterval, monitorInterval, heartbeatTimeout, coldStartThreshold, tornFileAge, settleAge]
        try require(
            all.allSatisfy { $0 > .zero && $0 <= .seconds(7 * 86_400) },
            "Every interval and timeout must be longer than 0 s and at most 7 days.",
            "Correct the JOB_… settings: kinospool config.")
        try require(
            heartbeatInterval < heartbeatTimeout / 2,
            "JOB_HEARTBEAT_INTERVAL must be shorter than half of JOB_HEARTBEAT_TIMEOUT.",
            "A worker stops itself at half the timeout; raise JOB_HEARTBEAT_TIMEOUT or lower JOB_HEARTBEAT_INTERVAL.")
        try require(crashLimit >= 1, "The crash limit must be at least 1.", "Raise it.")
        (self.heartbeatInterval, self.monitorInterval) = (heartbeatInterval, monitorInterval)
        (self.heartbeatTimeout, self.coldStartThreshold) = (heartbeatTimeout, coldStartThreshold)
        (self.tornFileAge, self.settleAge, self.crashLimit) = (tornFileAge, settleAge, crashLimit)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    public var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
