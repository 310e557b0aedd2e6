import Foundation
import Testing

/// Campaigns against the real program on real file systems, one after the other: `Scripts/torture`.
///
/// They run only when `KINOSPOOL_TORTURE_SECONDS` says how long, because they take mounts, loop devices and both cores.
@Suite(.serialized, .enabled(if: TortureRun.budget != nil), .timeLimit(.minutes(TortureRun.limit)))
enum Torture {}

/// What one run of the campaigns was told.
enum TortureRun {
    /// How long all campaigns may take together; nil when they shall not run.
    static let budget: Duration? = environment("SECONDS").flatMap { Int($0) }.map { .seconds($0) }

    /// What all random choices are drawn from. A failure names it, and the same seed makes the same choices again.
    static let seed: UInt64 = environment("SEED").flatMap { UInt64($0) } ?? 1

    /// Minutes after which a campaign hangs.
    static let limit = 10 + (budget.map { Int($0.components.seconds) } ?? 0) / 60

    /// The part of the budget that one campaign may use, as the moment at which it starts nothing new.
    static func deadline(share: Double) -> ContinuousClock.Instant {
        .now + (budget ?? .zero) * share
    }

    /// One figure of the report that `Scripts/torture` adds up: `torture: kills 2113`.
    static func report(_ figure: String, _ count: Int) {
        print("torture: \(figure) \(count)")
    }

    /// Why a campaign cannot run on this machine; printed, and false.
    static func needs(_ condition: Bool, _ what: String) -> Bool {
        if !condition { print("torture: SKIPPED: needs \(what)") }
        return condition
    }

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["KINOSPOOL_TORTURE_\(name)"]
    }
}
