import Foundation
import TestSupport
import Testing

/// Several processes on one job, interleaved at every call of the disk, killed and cut off: whatever the order, there
/// is a story that explains all answers and where the job lies.
@Suite("Simulation")
struct SimulationTests {
    @Test func histories_ofSeveralActors_areLinearizable() throws {
        let run = SimulationRun()
        var count = 0
        for seed in run.seeds {
            if run.isOver(after: count) { break }
            let plan = SimulationPlan(seed: seed)
            let verdict = try Simulation(plan).run()
            count += 1
            guard !verdict.findings.isEmpty else { continue }
            Issue.record(Comment(rawValue: try SimulationReport(plan, verdict).text))
            break
        }
        #expect(count > 0)
        if run.isTorture { print("torture: histories \(count)") }
    }
}
