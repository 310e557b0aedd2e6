import JobCore
import Spool
import Synchronization

/// Spools with many jobs, written once and used by several groups of figures in all rounds.
final class BenchStock: Sendable {
    private let spools = Mutex<[String: SpoolFolder]>([:])
    private let console: Console

    init(console: Console) { self.console = console }

    /// A spool with so many finished jobs, which a daemon knows already.
    func spool(done count: Int, on ground: BenchGround) throws -> SpoolFolder {
        try spool("\(count) finished jobs", on: ground) { spool in
            try BenchJobs.fill(0..<count, doneIn: spool, on: ground)
            try ground.run(["reindex"], on: spool)
        }
    }

    /// A spool with so many waiting jobs.
    func spool(queued count: Int, on ground: BenchGround) throws -> SpoolFolder {
        try spool("\(count) waiting jobs", on: ground) { spool in
            try BenchJobs.fill(count, queuedIn: spool, on: ground)
            try ground.run(["reindex"], on: spool)
        }
    }

    private func spool(
        _ what: String, on ground: BenchGround, _ fill: (SpoolFolder) throws -> Void
    ) throws -> SpoolFolder {
        if let known = spools.withLock({ $0[what] }) { return known }
        console.note("writing a spool with \(what)")
        let unsynced = try ground.spool(.fast)
        try fill(unsynced)
        let spool = try SpoolFolder.open(unsynced.root, durability: .full, isCreating: false)
        spools.withLock { $0[what] = spool }
        return spool
    }
}
