import JobCore
import Spool

/// What a daemon with a paused queue holds in memory.
struct MemoryBench: Measurement {
    static let name = "memory"
    let scale: BenchScale
    let stock: BenchStock

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        try scale.queued.map { size in
            let spool = try stock.spool(queued: size, on: ground)
            let bytes = try ground.serving(spool, ["--paused"]) { daemon in
                BenchClock.pause(milliseconds: 1000)
                return try ProcessFacts(daemon.pid).memory
            }
            try spool.resume()
            return BenchReading(BenchFigure(.memory, size: size), bytes / 1e6)
        }
    }
}
