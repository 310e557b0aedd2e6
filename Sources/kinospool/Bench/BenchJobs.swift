import Dispatch
import JobCore
import Spool
import Synchronization

/// Jobs that do nothing, about a kilobyte each, and ways to bring many of them into a spool.
enum BenchJobs {
    /// The job as people would drop it.
    static let document = JobDocument([
        "type": .string(JobType.noop.rawValue), "note": .string(String(repeating: "a", count: 900)),
    ])

    static func drafts(_ count: Int) -> [JobDraft] {
        (0..<count).map { _ in JobDraft(source: "bench", folder: "/", document: document, naming: .generated) }
    }

    /// Submits jobs in groups, as `kinospool submit` does. - Throws: the first refusal.
    static func submit(_ count: Int, into spool: SpoolFolder) throws {
        var problem: Failure?
        Submitting.run(drafts(count), into: spool) { _, answer in
            if case .failure(let failure) = answer { problem = failure }
        }
        if let problem { throw problem }
    }

    /// As `submit`, from all cores at once; for filling spools before the measuring.
    static func fill(_ count: Int, queuedIn spool: SpoolFolder, on ground: BenchGround) throws {
        try split(count, on: ground) { range in try submit(range.count, into: spool) }
    }

    /// Writes finished jobs as `serve` leaves them, without running them.
    static func fill(_ range: Range<Int>, doneIn spool: SpoolFolder, on ground: BenchGround) throws {
        for byte in 0..<256 {
            let folder = "\(SpoolLayout.work)/\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
            try ignoringTaken { () throws(FileError) in try spool.files.makeFolder(folder) }
        }
        try split(range.count, on: ground) { part in
            for number in part { try writeDone(range.lowerBound + number, in: spool) }
        }
    }

    private static func writeDone(_ number: Int, in spool: SpoolFolder) throws {
        let time = Timestamp(milliseconds: 1_700_000_000_000 + Int64(number))
        let id = JobID(generatedAt: time, random: UInt32(truncatingIfNeeded: number))
        var job = document
        job[.jobID] = .string(id.text)
        job[.note] = .string("take \(number) " + String(repeating: "a", count: 880))
        (job.createdAt, job.rev) = (time, 1)
        try spool.files.makeFolder(SpoolLayout.record(id))
        try spool.files.create(SpoolLayout.birth(id), job.bytes)
        (job.rev, job.attempt, job.startedAt, job.finishedAt) = (3, 1, time, time)
        (job.outcome, job[.progress]) = (.done, 100)
        try spool.files.create(SpoolLayout.final(id), job.bytes)
        try spool.files.link(SpoolLayout.final(id), SpoolLayout.token(id, in: .done))
    }

    /// Cuts the work into pieces of a thousand, which all cores take.
    private static func split(_ count: Int, on ground: BenchGround, _ body: @Sendable (Range<Int>) throws -> Void)
        throws
    {
        let problem = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: (count + 999) / 1000) { piece in
            guard problem.withLock({ $0 == nil }) else { return }
            do {
                try ground.checkInterrupt()
                try body(piece * 1000..<min(count, piece * 1000 + 1000))
            } catch {
                problem.withLock { $0 = error }
            }
        }
        if let error = problem.withLock({ $0 }) { throw error }
    }

    private static func ignoringTaken(_ body: () throws(FileError) -> Void) throws(FileError) {
        do { try body() } catch { if !error.isTaken { throw error } }
    }
}
