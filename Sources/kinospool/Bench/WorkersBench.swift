import JobCore
import Spool

/// Several worker processes on one waiting queue, beside one alone.
struct WorkersBench: Measurement {
    static let name = "workers"
    let scale: BenchScale

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        let alone = try rate(of: 1, ground)
        let several = try [2, 4, 8].map { workers in
            BenchReading(BenchFigure(.workers, size: workers), try rate(of: workers, ground), limit: alone)
        }
        return [BenchReading(BenchFigure(.worker), alone)] + several
    }

    /// Jobs a second, from the start of the processes to the end of the last.
    private func rate(of workers: Int, _ ground: BenchGround) throws -> Double {
        let spool = try ground.spool(.full)
        defer { ground.remove(spool) }
        try BenchJobs.submit(scale.bulk, into: spool)
        let time = try BenchClock.time {
            let processes = try (0..<workers).map { _ in try ground.start(["work", "--once"], on: spool) }
            for process in processes {
                let status = try ground.end(process)
                guard status == 0 else {
                    throw BenchProblem.program("A worker ended with \(status).", log: process.messages)
                }
            }
        }
        let count = try spool.allIDs(in: .done).count
        guard count == scale.bulk else {
            throw BenchProblem.program("Of \(scale.bulk) jobs, \(count) are done.", log: "")
        }
        return Double(scale.bulk) * 1e6 / time
    }
}
