import JobCore
import Spool

/// The derived index: built anew, and lists and searches through it, each by a new process.
struct IndexBench: Measurement {
    static let name = "index"
    let scale: BenchScale
    let stock: BenchStock

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        try scale.done.filter { $0 > 0 }.flatMap { size in
            let spool = try stock.spool(done: size, on: ground)
            let folder = spool.absolute(JobState.done.rawValue)
            let limit = try BenchClock.time { _ = try RawSpool.readAll(in: folder, isReading: true) }
            let ours = try BenchClock.time { try ground.run(["reindex"], on: spool) }
            let nothing = try ground.median(scale.processes) { try ground.end(try ground.startNothing()) }
            let list = try ground.median(scale.processes) { try ground.run(["ls"], on: spool) }
            let search = try ground.median(scale.processes) {
                try ground.run(["ls", "--search", "take 77"], on: spool)
            }
            return [
                BenchReading(
                    BenchFigure(.rebuild, size: size), Double(size) * 1e6 / ours, limit: Double(size) * 1e6 / limit),
                BenchReading(BenchFigure(.list, size: size), list / 1e3, limit: nothing / 1e3),
                BenchReading(BenchFigure(.search, size: size), search / 1e3, limit: nothing / 1e3),
            ]
        }
    }
}
