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
                try settledMemory(daemon.pid)
            }
            try spool.resume()
            return BenchReading(BenchFigure(.memory, size: size), bytes / 1e6)
        }
    }

    /// What it holds once it has looked at all that lay there when it started.
    private func settledMemory(_ pid: Int32) throws -> Double {
        var last = try ProcessFacts(pid)
        for _ in 0..<120 {
            BenchClock.pause(milliseconds: 500)
            let next = try ProcessFacts(pid)
            // The kernel counts in ticks of 10 ms.
            if next.processorTime - last.processorTime < 0.02 { return next.memory }
            last = next
        }
        return last.memory
    }
}
