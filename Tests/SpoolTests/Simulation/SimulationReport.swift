import TestSupport

/// A failed history for people: the plan, what was found, and the smallest plan that shows it too.
struct SimulationReport {
    let text: String

    init(_ plan: SimulationPlan, _ verdict: Simulation.Verdict) throws {
        let small = try Self.shrunk(plan)
        let again = try Simulation(small).run()
        text = """
            \(Self.text(plan, verdict))
            the smallest that fails:
            \(Self.text(small, again))
            repeat with: KINOSPOOL_SIMULATION=\(plan.seed) swift test --filter SimulationTests
            """
    }

    private static func text(_ plan: SimulationPlan, _ verdict: Simulation.Verdict) -> String {
        "\(plan)\n" + verdict.findings.map { "  ! \($0)\n" }.joined()
            + verdict.operations.map { "    \($0)\n" }.joined()
    }

    /// Leaves out one thing after the other, as long as some order of the calls still fails.
    private static func shrunk(_ plan: SimulationPlan) throws -> SimulationPlan {
        var best = plan
        var isSmaller = true
        while isSmaller {
            isSmaller = false
            for candidate in best.smaller {
                guard let failing = try firstFailing(candidate) else { continue }
                (best, isSmaller) = (failing, true)
                break
            }
        }
        return best
    }

    private static func firstFailing(_ plan: SimulationPlan) throws -> SimulationPlan? {
        var random = SeededRandom(plan.seed)
        for round in 0..<150 {
            var candidate = plan
            if round > 0 { candidate.schedule = random.next() }
            if round > 0, let calls = plan.powerCut {
                candidate.powerCut = min(calls, Int.random(in: 0...80, using: &random))
            }
            if try !Simulation(candidate).run().findings.isEmpty { return candidate }
        }
        return nil
    }
}
