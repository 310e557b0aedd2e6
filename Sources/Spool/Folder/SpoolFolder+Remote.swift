import Glibc
public import JobCore

/// What an attempt has running at a provider, in `run.json`: written before money is spent, read by the next owner.
extension SpoolFolder {
    /// Makes durable, in every mode, what is known of the attempt's run elsewhere.
    ///
    /// With `collected` the files it names are brought to the disk first.
    ///
    /// - Throws: `ENOENT` when the record is another attempt's.
    public func remember(_ remote: RemoteRecord, of job: ClaimedJob) throws(FileError) {
        try withBallast { () throws(FileError) in
            guard var run = try run(of: job.id), run.nonce == job.run.nonce else {
                throw FileError(ENOENT, "remember", SpoolLayout.run(job.id))
            }
            run.note(remote)
            if !remote.files.isEmpty {
                let scratch = SpoolLayout.scratch(job.id, attempt: job.attempt)
                try sync(remote.files.map { "\(scratch)/\($0.name)" } + [scratch], always: true)
            }
            try write(run, of: job.id)
        }
    }

    /// Replaces a run's record. One that tells of a run elsewhere survives a power cut in every mode: its bytes first,
    /// then its name; an unsynced one in its place could be torn, and with it the id of what was paid for.
    func write(_ run: RunRecord, of id: JobID) throws(FileError) {
        guard !run.remotes.isEmpty else { return try writeWhole(id, SpoolLayout.run(id), run.bytes) }
        let temporary = SpoolLayout.temporary(id, nonce: nonce())
        try create(temporary, run.bytes)
        do {
            try sync([temporary], always: true)
            try files.rename(temporary, SpoolLayout.run(id), .replace)
        } catch {
            try? files.remove(temporary)
            throw error
        }
        // Where nothing is synced else, the folders around it may not be on the disk yet either.
        try sync([SpoolLayout.record(id), SpoolLayout.shard(id), SpoolLayout.work], always: true)
    }

    /// Becomes the owner of a running job whose work goes on elsewhere: the same attempt, nothing used up.
    ///
    /// - Returns: nil when somebody alive owns it, or it is not such a job (any more).
    public func attach(_ id: JobID, owner: RunRecord.Owner) throws(FileError) -> ClaimedJob? {
        guard try state(of: id) == .running, let lock = try files.lock(SpoolLayout.beat(id)) else { return nil }
        var isKept = false
        defer { if !isKept { letGo(id, lock) } }
        guard let document = try document(id, in: .running), var run = try run(of: id),
            run.attempt == document.attempt, document.outcome == nil, run.remote?.isAttachable ?? false,
            try cancelWish(id) == nil, let request = try? JobRequest(document)
        else { return nil }
        (run.owner, run.nonce, run.processGroups) = (owner, nonce(), [])
        try withBallast { () throws(FileError) in
            try write(run, of: id)
            let scratch = SpoolLayout.scratch(id, attempt: run.attempt)
            try ignoringTaken { () throws(FileError) in try files.makeFolder(scratch) }
        }
        try lock.touch()
        isKept = true
        return ClaimedJob(id: id, request: request, document: document, run: run, lock: lock)
    }

    /// The runs of a job that nobody wants and that may still cost money.
    public func unwantedRemotes(of id: JobID) throws(FileError) -> [RemoteRecord] {
        guard let run = try run(of: id), run.mayBill else { return [] }
        let state = try state(of: id)
        let trashed = try files.status(SpoolLayout.trashedToken(id))
        let isDeleted = state == nil && trashed != nil
        return run.unwantedRemotes(isCanceled: state == .canceled || isDeleted)
    }

    /// Takes note of what became of an unwanted run.
    ///
    /// - Returns: false while an attempt holds the record; to be tried again.
    public func noteUnwanted(_ remote: RemoteRecord, of id: JobID) throws(FileError) -> Bool {
        guard try files.status(SpoolLayout.beat(id)) != nil else { return true }
        return try holding(id) { () throws(FileError) in
            if var run = try run(of: id) {
                // Its owner has learned its name meanwhile: what was found out without it does not count.
                let isKnown = run.remotes.contains { $0.id != nil && $0.isSameRun(as: remote) }
                guard remote.id != nil || !isKnown else { return false }
                run.note(remote)
                try withBallast { () throws(FileError) in try write(run, of: id) }
            }
            return true
        } ?? false
    }
}
