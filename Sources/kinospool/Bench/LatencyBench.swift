import Dispatch
import Glibc
import JobCore
import Spool

/// How long an idle daemon takes from the dropped file to the claimed job.
struct LatencyBench: Measurement {
    static let name = "latency"
    let scale: BenchScale
    /// Milliseconds in which the daemon falls asleep again.
    private static let gap = 20

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        let limit = try rawLatencies(ground)
        let ours = try latencies(ground)
        return [
            BenchReading(
                BenchFigure(.start), BenchNumber.quantile(ours, 0.5), limit: BenchNumber.quantile(limit, 0.5)),
            BenchReading(
                BenchFigure(.startSlowest), BenchNumber.quantile(ours, 0.99), limit: BenchNumber.quantile(limit, 0.99)
            ),
        ]
    }

    private func latencies(_ ground: BenchGround) throws -> [Double] {
        let spool = try ground.spool(.full)
        defer { ground.remove(spool) }
        let drop = try BenchDrop(into: spool)
        return try ground.serving(spool) { _ in
            let running = try BenchEvents(spool.absolute(JobState.running.rawValue))
            let done = try BenchEvents(spool.absolute(JobState.done.rawValue))
            return try (0..<scale.singles).map { number in
                try ground.checkInterrupt()
                BenchClock.pause(milliseconds: Self.gap)
                _ = running.drain()
                let start = try drop.drop("drop-\(number)")
                guard running.wait(milliseconds: 10_000) else { throw notSeen("running") }
                let time = BenchClock.now() - start
                while done.drain() == 0 { guard done.wait(milliseconds: 10_000) else { throw notSeen("done") } }
                return time
            }
        }
    }

    /// The same with a thread that knows nothing but to rename what appears.
    private func rawLatencies(_ ground: BenchGround) throws -> [Double] {
        let raw = try RawSpool(try ground.folder())
        let queued = try BenchEvents("\(raw.root)/queued")
        let running = try BenchEvents("\(raw.root)/running")
        let count = scale.singles
        let worker = DispatchWorkItem {
            for number in 0..<count {
                while queued.drain() == 0 { guard queued.wait(milliseconds: 10_000) else { return } }
                try? raw.move("\(number).json", from: "queued", to: "running")
            }
        }
        DispatchQueue.global().async(execute: worker)
        defer { worker.wait() }
        return try (0..<count).map { number in
            BenchClock.pause(milliseconds: Self.gap)
            _ = running.drain()
            close(try raw.create("tmp/\(number).json"))
            let start = BenchClock.now()
            try raw.move("\(number).json", from: "tmp", to: "queued")
            guard running.wait(milliseconds: 10_000) else { throw notSeen("running") }
            return BenchClock.now() - start
        }
    }

    private func notSeen(_ folder: String) -> Failure {
        BenchProblem.program("A dropped file was not seen in \(folder)/ within 10 s.", log: "")
    }
}
