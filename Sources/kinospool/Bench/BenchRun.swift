import JobCore
import Spool

/// All that is asked for, round by round: whatever disturbs a round disturbs every group of figures alike.
struct BenchRun: Sendable {
    let scale: BenchScale
    /// Groups of figures; empty means all.
    let only: Set<String>
    let rounds: Int
    let console: Console

    /// The names of all groups, in order.
    static let names = measurements(.usual).map { type(of: $0).name }

    private static func measurements(_ scale: BenchScale) -> [any Measurement] {
        [SubmitBench(scale: scale), DrainBench(scale: scale), LatencyBench(scale: scale)]
    }

    /// Measures; blocking.
    ///
    /// - Throws: `CancellationError` after an interrupt; whatever keeps something from being measured.
    func report(on ground: BenchGround) throws -> BenchReport {
        if let warning = ground.disk.warning { console.note("kinospool: \(warning)") }
        var readings: [BenchReading] = []
        let measurements = Self.measurements(scale).filter { only.isEmpty || only.contains(type(of: $0).name) }
        for round in 1...rounds {
            for measurement in measurements {
                try ground.checkInterrupt()
                console.note("round \(round) of \(rounds): \(type(of: measurement).name)")
                readings += try measurement.round(ground)
            }
        }
        return BenchReport(results: BenchResult.all(readings), disk: ground.disk, rounds: rounds)
    }
}
