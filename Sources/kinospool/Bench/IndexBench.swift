import JobCore
import Spool

/// The derived index: built anew, and lists and searches through it, each by a new process.
struct IndexBench: Measurement {
    static let name = "index"
    let scale: BenchScale
    let stock: BenchStock

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        let stocks = try scale.done.filter { $0 > 0 }.flatMap { size in
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
        return try live(ground) + stocks
    }

    /// The index beside a daemon: jobs as they come, and one that moves.
    private func live(_ ground: BenchGround) throws -> [BenchReading] {
        let index = try JobIndex(path: "\(ground.folder())/jobs.sqlite")
        let rows = (0..<scale.bulk * 5).map { Self.row($0, .queued) }
        let upserts = try BenchClock.time {
            for start in stride(from: 0, to: rows.count, by: 1000) {
                try index.apply(upserts: Array(rows[start..<min(start + 1000, rows.count)]))
            }
        }
        let upsert = try (0..<scale.singles).map { number in
            let row = Self.row(number * 7 % rows.count, .running)
            return try BenchClock.time { try index.apply(upserts: [row]) }
        }
        return [
            BenchReading(BenchFigure(.upserts), Double(rows.count) * 1e6 / upserts),
            BenchReading(BenchFigure(.upsert), BenchNumber.quantile(upsert, 0.5)),
        ]
    }

    private static func row(_ number: Int, _ state: JobState) -> IndexRow {
        let time = Timestamp(milliseconds: 1_700_000_000_000 + Int64(number))
        let id = JobID(generatedAt: time, random: UInt32(truncatingIfNeeded: number))
        var view = JobView(
            id: id, state: state, typeName: JobType.render.rawValue, createdAt: time, updatedAt: time)
        let prompt = "take \(number): a lighthouse in a storm, seen from a paper boat that drifts out of the harbour"
        view.prompt = prompt
        view.params = ["prompt": .string(prompt), "seed": .integer(Int64(number)), "duration": 5.0]
        return IndexRow(view: view, stamp: time.milliseconds)
    }
}
