import JobCore
import Spool

/// What a daemon does that has nothing to do.
struct IdleBench: Measurement {
    static let name = "idle"
    let scale: BenchScale

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        let spool = try ground.spool(.full)
        defer { ground.remove(spool) }
        return try ground.serving(spool) { daemon in
            BenchClock.pause(milliseconds: 1000)
            let before = try ProcessFacts(daemon.pid)
            var (after, wakeUps) = (before, 0.0)
            let time = try BenchClock.time {
                for _ in 0..<scale.idleSeconds {
                    try ground.checkInterrupt()
                    BenchClock.pause(milliseconds: 1000)
                    let now = try ProcessFacts(daemon.pid)
                    wakeUps += now.wakeUps(since: after)
                    after = now
                }
            }
            return [
                BenchReading(BenchFigure(.idleWakeUps), wakeUps * 1e6 / time),
                BenchReading(BenchFigure(.idleCPU), (after.processorTime - before.processorTime) * 1e8 / time),
            ]
        }
    }
}
