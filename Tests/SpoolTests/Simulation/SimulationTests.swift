import TestSupport
import Testing

/// Several processes on one job, interleaved at every call of the disk, killed and cut off: whatever the order, there
/// is a story that explains all answers and where the job lies.
@Suite("Simulation")
struct SimulationTests {
    @Test func histories_ofSeveralActors_areLinearizable() throws {
        let run = SimulationRun.ordinary
        if let failure = try run.failure() { Issue.record(Comment(rawValue: failure)) }
    }

    /// A model that accepts everything would find nothing: these histories must be refused.
    @Test(arguments: SimulationSamples.impossible)
    func linearization_ofAnImpossibleHistory_doesNotExist(sample: SimulationSamples.Sample) {
        #expect(!sample.linearization.exists())
    }

    @Test(arguments: SimulationSamples.possible)
    func linearization_ofAPossibleHistory_exists(sample: SimulationSamples.Sample) {
        #expect(sample.linearization.exists())
    }

    @Test(arguments: [7, 77, 777] as [UInt64])
    func simulation_ofTheSameSeed_isTheSameHistory(seed: UInt64) throws {
        let (first, second) = (
            try Simulation(SimulationPlan(seed: seed)).run(), try Simulation(SimulationPlan(seed: seed)).run()
        )
        #expect(first.operations.map(\.description) == second.operations.map(\.description))
        #expect(!first.operations.isEmpty)
    }
}
