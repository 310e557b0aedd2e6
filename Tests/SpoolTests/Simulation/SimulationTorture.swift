import Testing

/// The simulation for as long as `Scripts/torture` gives it.
@Suite(.enabled(if: SimulationRun.torture != nil))
struct SimulationTorture {
    @Test func histories_forAWhile_areLinearizable() throws {
        let run = try #require(SimulationRun.torture)
        let failure = try run.failure { print("torture: histories \($0)") }
        if let failure { Issue.record(Comment(rawValue: failure)) }
    }
}
