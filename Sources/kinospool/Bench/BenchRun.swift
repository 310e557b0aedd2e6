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
    static let names = [
        SubmitBench.name, DrainBench.name, WorkersBench.name, LatencyBench.name, RestartBench.name, IndexBench.name,
        MemoryBench.name, IdleBench.name, HeartbeatBench.name, MonitorBench.name, CommandBench.name, StitchBench.name,
        HTTPBench.name,
    ]

    private var measurements: [any Measurement] {
        let stock = BenchStock(console: console)
        return [
            SubmitBench(scale: scale), DrainBench(scale: scale), WorkersBench(scale: scale),
            LatencyBench(scale: scale), RestartBench(scale: scale, stock: stock),
            IndexBench(scale: scale, stock: stock), MemoryBench(scale: scale, stock: stock), IdleBench(scale: scale),
            HeartbeatBench(scale: scale),
            MonitorBench(scale: scale),
            CommandBench(scale: scale), StitchBench(scale: scale, console: console),
            HTTPBench(scale: scale, console: console),
        ]
    }

    /// Measures; blocking.
    ///
    /// - Throws: `CancellationError` after an interrupt; whatever keeps something from being measured.
    func report(on ground: BenchGround) throws -> BenchReport {
        if let warning = ground.disk.warning { console.note("kinospool: \(warning)") }
        var readings: [BenchReading] = []
        let measurements = measurements.filter { only.isEmpty || only.contains(type(of: $0).name) }
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
