import Glibc
import JobCore
import Spool

/// From the start of a daemon to its first claim, however many jobs lie in the spool.
struct RestartBench: Measurement {
    static let name = "restart"
    let scale: BenchScale
    let stock: BenchStock

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        var readings: [BenchReading] = []
        for size in scale.done {
            let spool = try stock.spool(done: size, on: ground)
            try BenchJobs.submit(1, into: spool)
            readings.append(try reading(BenchFigure(.restartDone, size: size), spool, ground))
        }
        if let size = scale.queued.last {
            let spool = try stock.spool(queued: size, on: ground)
            readings.append(try reading(BenchFigure(.restartQueued, size: size), spool, ground))
            // A few jobs were run; they are made up for, so that every round finds as many.
            try BenchJobs.submit(max(0, size - spool.ids(in: .queued).count), into: spool)
        }
        return readings
    }

    private func reading(_ figure: BenchFigure, _ spool: SpoolFolder, _ ground: BenchGround) throws -> BenchReading {
        let raw = try RawSpool(try ground.folder())
        close(try raw.create("queued/first.json"))
        let limit = try BenchClock.time {
            try ground.end(try ground.startNothing())
            _ = try RawSpool.readAll(in: spool.absolute(SpoolLayout.queued), isReading: false)
            try raw.move("first.json", from: "queued", to: "running")
        }
        let running = try BenchEvents(spool.absolute(JobState.running.rawValue))
        let start = BenchClock.now()
        let daemon = try ground.start(["serve", "--port", "0"], on: spool)
        try ground.until(daemon) { running.wait(milliseconds: 20) }
        let time = BenchClock.now() - start
        try ground.end(daemon, by: SIGTERM)
        return BenchReading(figure, time / 1e3, limit: limit / 1e3)
    }
}
