internal import CLinux

/// Time since boot, suspend included: what staleness is measured by. Nobody can set it.
public enum BootClock {
    public static func now() -> Duration { .nanoseconds(sp_boottime_ns()) }

    /// Time since boot, suspend left out: how long this process could have done something.
    public static func awake() -> Duration { .nanoseconds(sp_monotonic_ns()) }

    /// How long the machine has been suspended since it was booted.
    public static func timeAsleep() -> Duration { .nanoseconds(sp_boottime_ns() - sp_monotonic_ns()) }
}
