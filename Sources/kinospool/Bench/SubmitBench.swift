import JobCore
import Spool

/// Submitting from inside a program: one by one, and in groups.
struct SubmitBench: Measurement {
    static let name = "submit"
    let scale: BenchScale

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        let raw = try RawSpool(try ground.folder())
        let durable = try singles(.full, raw, ground)
        let fast = try singles(.fast, raw, ground)
        let bulk = try bulk(raw, ground)
        func median(_ samples: [Double]) -> Double { BenchNumber.quantile(samples, 0.5) }
        return [
            BenchReading(
                BenchFigure(.submitDurable), median(durable.ours), limit: median(durable.limit),
                steps: median(durable.steps)),
            BenchReading(
                BenchFigure(.submitDurableSlowest), BenchNumber.quantile(durable.ours, 0.99),
                limit: BenchNumber.quantile(durable.limit, 0.99), steps: BenchNumber.quantile(durable.steps, 0.99)),
            bulk,
            BenchReading(
                BenchFigure(.submitFast), median(fast.ours), limit: median(fast.limit), steps: median(fast.steps)),
        ]
    }

    /// Microseconds of each submit. Ours and the limits take turns, so that all meet the same neighbours.
    private func singles(
        _ durability: Durability, _ raw: RawSpool, _ ground: BenchGround
    ) throws -> (ours: [Double], limit: [Double], steps: [Double]) {
        let bare = try RawProtocol(try ground.folder())
        let spool = try ground.spool(durability)
        defer { ground.remove(spool) }
        let submission = Submission(document: BenchJobs.document, naming: .generated)
        var (ours, limit, steps): ([Double], [Double], [Double]) = ([], [], [])
        for number in 0..<scale.singles {
            try ground.checkInterrupt()
            let name = "\(durability.rawValue)-\(number).json"
            limit.append(try BenchClock.time { try raw.submit(name, isDurable: durability == .full) })
            steps.append(
                try BenchClock.time { try bare.submit(number..<number + 1, isDurable: durability == .full) })
            ours.append(try BenchClock.time { for answer in spool.submit([submission]) { _ = try answer.get() } })
        }
        return (ours, limit, steps)
    }

    /// In ten parts that take turns with the limit's.
    private func bulk(_ raw: RawSpool, _ ground: BenchGround) throws -> BenchReading {
        let spool = try ground.spool(.full)
        defer { ground.remove(spool) }
        let bare = try RawProtocol(try ground.folder())
        let part = scale.bulk / 10
        var (ours, limit, steps) = (0.0, 0.0, 0.0)
        for start in stride(from: 0, to: scale.bulk, by: part) {
            try ground.checkInterrupt()
            let names = (start..<start + part).map { "bulk-\($0).json" }
            limit += try BenchClock.time {
                for group in stride(from: 0, to: names.count, by: 100) {
                    try raw.submit(group: Array(names[group..<min(group + 100, names.count)]), isDurable: true)
                }
            }
            steps += try BenchClock.time {
                for group in stride(from: start, to: start + part, by: Submitting.groupSize) {
                    try bare.submit(group..<min(group + Submitting.groupSize, start + part), isDurable: true)
                }
            }
            ours += try BenchClock.time { try BenchJobs.submit(part, into: spool) }
        }
        let count = Double(scale.bulk) * 1e6
        return BenchReading(BenchFigure(.submitBulk), count / ours, limit: count / limit, steps: count / steps)
    }
}
