import Foundation
import TestSupport
import Testing

/// Campaigns against the real program on real file systems, one after the other: `Scripts/torture`.
///
/// They run only when `KINOSPOOL_TORTURE_SECONDS` says how long, because they take mounts, loop devices and both cores.
@Suite(.serialized, .enabled(if: TortureRun.budget != nil), .timeLimit(.minutes(TortureRun.limit)))
enum Torture {}

/// What one run of the campaigns was told.
enum TortureRun {
    /// How long all campaigns may take together; nil when they shall not run.
    static let budget = TortureBudget.whole

    /// What all random choices are drawn from.
    static let seed = TortureBudget.seed

    /// More of everything that has no share of the time: for long runs.
    static var isLong: Bool { budget.map { $0 > .seconds(300) } ?? false }

    /// Minutes after which a campaign hangs.
    static let limit = 10 + (budget.map { Int($0.components.seconds) } ?? 0) / 60

    /// The moment at which a campaign starts nothing new.
    static func deadline(_ share: TortureBudget) -> ContinuousClock.Instant { .now + share.time }

    /// One figure of the report that `Scripts/torture` adds up: `torture: kills 2113`.
    static func report(_ figure: String, _ count: Int) {
        print("torture: \(figure) \(count)")
    }

    /// Why a campaign cannot run on this machine; printed, and false. Where all of it must run (`CI=true`) a failure.
    static func needs(_ condition: Bool, _ what: String) -> Bool {
        guard !condition else { return true }
        print("torture: SKIPPED: needs \(what)")
        if mustRunAll { Issue.record("skipped: needs \(what)") }
        return false
    }

    /// Copies a spool, and what its daemons logged, to where it outlives the test (`KINOSPOOL_TORTURE_KEEP`).
    ///
    /// - Returns: where it lies; nothing when nobody asked for it.
    static func keep(_ desk: Desk) -> [String] {
        guard let folder = ProcessInfo.processInfo.environment["KINOSPOOL_TORTURE_KEEP"] else { return [] }
        let copy = "\(folder)/\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
            for part in ["spool", "crew"] where desk.exists(part) {
                try FileManager.default.copyItem(atPath: "\(desk.folder)/\(part)", toPath: "\(copy)/\(part)")
            }
            return ["kept in \(copy)"]
        } catch {
            return ["could not be kept in \(copy): \(error.localizedDescription)"]
        }
    }

    private static let mustRunAll = ProcessInfo.processInfo.environment["CI"] == "true"
}
