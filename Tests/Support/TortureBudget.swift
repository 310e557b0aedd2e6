import Foundation

/// Who may use how much of the time that `Scripts/torture` was given: the one table.
///
/// The campaigns of a row run one after the other, so the shares of `Row.campaigns` add up to what is left beside those
/// of fixed length (the model, clocks, hints, workers: about 40 s). The rows run side by side.
public enum TortureBudget: Double, CaseIterable, Sendable {
    /// SIGKILL before system calls.
    case kills = 0.38
    /// Errnos from system calls.
    case errnos = 0.13
    /// Renames and locks that take long, while people change jobs.
    case slowCalls = 0.02
    /// Power cuts replayed at the disk, for each of three file systems.
    case blockStates = 0.067
    /// Copies of a spool that lives.
    case copies = 0.185
    /// File systems shut down under load, for each of two.
    case powerCuts = 0.025
    /// Disks that run full, for each of three.
    case fullDisks = 0.022
    /// Histories of several simulated processes, beside the others.
    case histories = 0.05
    /// Harmed files that are dropped, beside the others; at most ten minutes.
    case fuzz = 0.125

    /// How long all campaigns may take together; nil when they shall not run (`KINOSPOOL_TORTURE_SECONDS`).
    public static let whole: Duration? = number("SECONDS").map { .seconds(Int64(clamping: min($0, 1 << 32))) }

    /// What all random choices are drawn from. A failure names it, and the same seed makes the same choices again.
    public static let seed: UInt64 = number("SEED") ?? 1

    /// How long a campaign may use, once for each of its variants.
    public var time: Duration {
        let time = (Self.whole ?? .zero) * rawValue
        return self == .fuzz ? min(time, .seconds(600)) : time
    }

    private static func number(_ key: String) -> UInt64? {
        ProcessInfo.processInfo.environment["KINOSPOOL_TORTURE_\(key)"].flatMap { UInt64($0) }
    }
}
