import Glibc
import JobCore
import Spool

/// What the heartbeats of 100 running jobs cost, at the pace they have.
struct HeartbeatBench: Measurement {
    static let name = "heartbeat"
    let scale: BenchScale
    private static let jobs = 100

    func round(_ ground: BenchGround) throws -> [BenchReading] {
        let spool = try ground.spool(.full)
        defer { ground.remove(spool) }
        try BenchJobs.submit(Self.jobs, into: spool)
        let owner = ProcessIdentity.mine(daemonStart: 0)
        let claimed = try spool.allIDs(in: .queued).compactMap { id -> ClaimedJob? in
            guard case .claimed(let job) = try spool.claim(id, owner: owner, isWriting: { _ in false }) else {
                return nil
            }
            return job
        }
        guard claimed.count == Self.jobs else {
            throw BenchProblem.program("Of \(Self.jobs) jobs, \(claimed.count) could be claimed.", log: "")
        }
        return [BenchReading(BenchFigure(.heartbeat), try share(of: claimed, in: spool, ground))]
    }

    /// The part of a core in percent that the jobs' beats take every two seconds, from a hundred beats in that time.
    private func share(of jobs: [ClaimedJob], in spool: SpoolFolder, _ ground: BenchGround) throws -> Double {
        let hastened = 100
        let usual = try Policy()
        let policy = try Policy(heartbeatInterval: usual.heartbeatInterval / hastened)
        let thread = try HeartbeatThread(files: spool.files, policy: policy)
        for job in jobs { thread.add(job.id, lock: job.lock) { _ in } }
        defer { thread.stop() }
        let before = Self.processorTime()
        let time = try BenchClock.time {
            for _ in 0..<scale.idleSeconds {
                try ground.checkInterrupt()
                BenchClock.pause(milliseconds: 1000)
            }
        }
        return (Self.processorTime() - before) / time / Double(hastened) * 100
    }

    /// Microseconds that all threads of this process have run.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
