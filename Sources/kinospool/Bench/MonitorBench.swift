import Glibc
import JobCore
import Spool

/// One look of the monitor at many running jobs, all in somebody's hands.
struct MonitorBench: Measurement {
    static let name = "monitor"
    let scale: BenchScale
    private static let looks = 5

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        let spool = try ground.spool(.fast)
        defer { ground.remove(spool) }
        // Each running job has one open file, and the program some more.
        let count = min(scale.running, sysconf(Int32(_SC_OPEN_MAX)) - 200)
        guard count > 0 else { throw BenchProblem.program("Too few files may be open: see ulimit -n.", log: "") }
        try BenchJobs.fill(count, queuedIn: spool, on: ground)
        let owner = ProcessIdentity.mine(daemonStart: 0)
        let claimed = try spool.allIDs(in: .queued).compactMap { id -> ClaimedJob? in
            guard case .claimed(let job) = try spool.claim(id, owner: owner, isWriting: { _ in false }) else {
                return nil
            }
            return job
        }
        defer { for job in claimed { job.lock.release() } }
        let (ours, limit) = try (
            look(count) {
                let (jobs, errors) = try spool.glanceAtRunning()
                return errors.isEmpty ? jobs.count { $0.isOwned } : 0
            },
            // Without "." and "..".
            look(count) { try RawSpool.statAll(in: "\(spool.root)/\(JobState.running.rawValue)") - 2 }
        )
        return [BenchReading(BenchFigure(.monitorPass, size: count), ours, limit: limit)]
    }

    /// The median of some looks, in milliseconds. - Throws: where one did not see all jobs.
    private func look(_ count: Int, _ body: () throws -> Int) throws -> Double {
        let times = try (0..<Self.looks).map { _ in
            try BenchClock.time {
                let seen = try body()
                guard seen == count else {
                    throw BenchProblem.program("Of \(count) running jobs, \(seen) were seen.", log: "")
                }
            }
        }
        return times.sorted()[Self.looks / 2] / 1000
    }
}
