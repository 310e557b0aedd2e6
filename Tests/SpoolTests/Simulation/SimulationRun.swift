import Foundation
import TestSupport

/// How many histories one run looks at, and from which seed on.
struct SimulationRun {
    let seeds: Range<UInt64>
    /// When it starts no further history; nil: it looks at all seeds.
    private let time: Duration?

    /// What every check of a change looks at. `KINOSPOOL_SIMULATION=SEED` looks at the one that a failure named.
    static let ordinary: SimulationRun = {
        guard let seed = number("KINOSPOOL_SIMULATION") else { return SimulationRun(seeds: 0..<2_000, time: nil) }
        return SimulationRun(seeds: seed..<seed + 1, time: nil)
    }()

    /// Its share of the torture's time, from the torture's seed on; nil when no time is given.
    static let torture: SimulationRun? = TortureBudget.whole.map { _ in
        let first = TortureBudget.seed &* 1_000_000_007 % (1 << 62)
        return SimulationRun(seeds: first..<(1 << 63), time: TortureBudget.histories.time)
    }

    private static func number(_ key: String) -> UInt64? {
        ProcessInfo.processInfo.environment[key].flatMap { UInt64($0) }
    }

    /// What is wrong with the first history that fails, for people; nil when none does.
    ///
    /// - Parameter tell: told how many histories were looked at.
    func failure(_ tell: (Int) -> Void = { _ in }) throws -> String? {
        let deadline = time.map { ContinuousClock.now + $0 }
        var count = 0
        defer { tell(count) }
        for seed in seeds {
            if let deadline, deadline < .now, count > 0 { break }
            let plan = SimulationPlan(seed: seed)
            let verdict = try Simulation(plan).run()
            count += 1
            if !verdict.findings.isEmpty { return try SimulationReport(plan, verdict).text }
        }
        return nil
    }
}
