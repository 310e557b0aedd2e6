import JobCore
import Spool

/// Jobs that do nothing through their whole lives: a waiting queue run empty, and files dropped beside a daemon.
struct DrainBench: Measurement {
    static let name = "drain"
    let scale: BenchScale

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        try [Durability.full, .fast].flatMap { durability in
            let isDurable = durability == .full
            let drain = BenchFigure(isDurable ? .drainDurable : .drainFast)
            let drop = BenchFigure(isDurable ? .dropDurable : .dropFast)
            let limit = try rawDrain(isDurable: isDurable, ground)
            let steps = try bareDrain(isDurable: isDurable, ground)
            return [
                BenchReading(drain, try drained(durability, ground), limit: limit, steps: steps),
                BenchReading(drop, try dropped(durability, ground), limit: limit),
            ]
        }
    }

    private func rate(_ microseconds: Double) -> Double { Double(scale.bulk) * 1e6 / microseconds }

    private func rawDrain(isDurable: Bool, _ ground: BenchGround) throws -> Double {
        let raw = try RawSpool(try ground.folder())
        let names = (0..<scale.bulk).map { "drain-\($0).json" }
        try raw.submit(group: names, isDurable: false)
        return rate(try BenchClock.time { try raw.drain(names, isDurable: isDurable) })
    }

    private func bareDrain(isDurable: Bool, _ ground: BenchGround) throws -> Double {
        let bare = try RawProtocol(try ground.folder())
        try bare.submit(0..<scale.bulk, isDurable: false)
        return rate(try BenchClock.time { try bare.drain(0..<scale.bulk, isDurable: isDurable) })
    }

    /// From the start of `serve --once` to its end.
    private func drained(_ durability: Durability, _ ground: BenchGround) throws -> Double {
        let spool = try ground.spool(durability)
        defer { ground.remove(spool) }
        try BenchJobs.submit(scale.bulk, into: spool)
        let time = try BenchClock.time { try ground.run(["serve", "--once"], on: spool) }
        let count = try spool.allIDs(in: .done).count
        guard count == scale.bulk else {
            throw BenchProblem.program("Of \(scale.bulk) jobs, \(count) are done.", log: "")
        }
        return rate(time)
    }

    /// From the first rename into `queued/` to the last file in `done/`.
    private func dropped(_ durability: Durability, _ ground: BenchGround) throws -> Double {
        let spool = try ground.spool(durability)
        defer { ground.remove(spool) }
        let drop = try BenchDrop(into: spool)
        return rate(
            try ground.serving(spool) { daemon in
                let done = try BenchEvents(spool.absolute(JobState.done.rawValue))
                var count = 0
                let start = BenchClock.now()
                for number in 0..<scale.bulk { try drop.drop("drop-\(number)") }
                try ground.until(daemon) {
                    count += done.drain()
                    return done.isOverrun ? try spool.allIDs(in: .done).count == scale.bulk : count >= scale.bulk
                }
                return BenchClock.now() - start
            })
    }
}
