import Glibc
public import JobCore

/// Claiming: the lock first, then the rename that commits (design, "Claim").
///
/// Lock after rename, or none, lets two workers run one job (shown by the model in the design).
extension SpoolFolder {
    /// Takes a job from `queued/` to `running/` and gives it a new attempt with an empty folder.
    public func claim(_ id: JobID, owner: RunRecord.Owner) throws(FileError) -> ClaimResult {
        let lock: any FileLock
        do {
            guard let free = try files.lock(SpoolLayout.beat(id)) else { return .busy }
            lock = free
        } catch {
            // No record: it was deleted, or nobody admitted it yet.
            if error.isMissing { return .gone }
            throw error
        }
        var isKept = false
        defer { if !isKept { lock.release() } }
        guard try move(id, from: .queued, to: .running) else {
            try removeIfDeleted(id)
            return .gone
        }
        guard let before = try document(id, in: .running) else {
            // Somebody is rewriting it in place right now.
            _ = try move(id, from: .running, to: .queued)
            return .gone
        }
        if let wish = try cancelWish(id) {
            guard wish <= before.rev else {
                try finishCancel(id, from: .running)
                return .gone
            }
            try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.cancelWish(id)) }
        }
        do {
            let request = try JobRequest(before)
            guard let job = try begin(id, before, request, owner, lock) else { return .gone }
            isKept = true
            return .claimed(job)
        } catch let failure as Failure {
            return try fail(id, in: .running, before, failure) ? .refused(failure) : .gone
        } catch let error as FileError {
            // Nothing was started: it goes back as it was, and the next look finds it.
            _ = try? withBallast { () throws(FileError) in try move(id, from: .running, to: .queued) }
            throw error
        } catch {
            throw FileError(EIO, "claim", SpoolLayout.token(id, in: .running))
        }
    }

    /// Records the attempt and writes the enriched token; nil when somebody moved it meanwhile.
    private func begin(
        _ id: JobID, _ before: JobDocument, _ request: JobRequest, _ owner: RunRecord.Owner, _ lock: any FileLock
    ) throws -> ClaimedJob? {
        let last = try run(of: id)
        let attempt = try makeScratch(id, after: max(last?.attempt ?? 0, before.attempt))
        var isBegun = false
        // On a full disk a job is claimed again and again: no try may leave a folder behind.
        defer { if !isBegun { try? removeTree(SpoolLayout.scratch(id, attempt: attempt)) } }
        // A person's retry starts the counts anew: such a token carries no attempt of its own, or still an outcome.
        let isContinued = last.map { $0.attempt == before.attempt && before.outcome == nil } ?? false
        try removeFilmLinks(id, before)
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.final(id)) }

        var document = before
        document.forgetOutcome()
        document.createdAt = try before.createdAt ?? created(id, before)
        document.rev = before.rev + 1
        document.attempt = attempt
        document.startedAt = now()
        document[.jobID] = .string(id.text)
        if case .generate = request.work, var params = document[.params]?.object, params["seed"] == nil {
            params["seed"] = .integer(Int64(JobRequest.resolvedSeed(for: id)))
            document[.params] = .object(params)
        }
        var run = RunRecord(
            rev: document.rev, attempt: attempt, failures: isContinued ? last?.failures ?? 0 : 0,
            crashes: isContinued ? last?.crashes ?? 0 : 0, nonce: nonce(), startedAt: now(), owner: owner)
        if isContinued { (run.lastCrashStart, run.lastCrashAttempt) = (last?.lastCrashStart, last?.lastCrashAttempt) }
        try writeWhole(id, SpoolLayout.run(id), run.bytes)
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.progress(id)) }
        // A token that is still the birth record can be restored from it; what a retry changed is only in the token.
        let token = try files.status(SpoolLayout.token(id, in: .running))
        let isBirth = try files.status(SpoolLayout.birth(id))?.inode == token?.inode
        guard try replaceToken(id, in: .running, with: document, isSynced: !isBirth) else { return nil }
        try lock.touch()
        isBegun = true
        return ClaimedJob(id: id, request: request, document: document, run: run, lock: lock)
    }

    /// An empty folder for a new attempt; its number is never one that was used before.
    private func makeScratch(_ id: JobID, after last: Int) throws(FileError) -> Int {
        var attempt = last + 1
        while true {
            do {
                try files.makeFolder(SpoolLayout.scratch(id, attempt: attempt))
                return attempt
            } catch {
                guard error.isTaken else { throw error }
                attempt += 1
            }
        }
    }

    private func created(_ id: JobID, _ document: JobDocument) throws(FileError) -> Timestamp {
        guard let status = try files.status(SpoolLayout.token(id, in: .running)) else { return now() }
        return Self.createdAt(document, status)
    }

    /// The last attempt's record, nil when there is none or it is torn.
    public func run(of id: JobID) throws(FileError) -> RunRecord? {
        try bytes(at: SpoolLayout.run(id)).flatMap { RunRecord(reading: $0) }
    }

    /// Adds a process group to the attempt's record, so that a recovery can stop it. Not synced: it dies with the boot.
    public func record(processGroup: Int32, of job: ClaimedJob) throws(FileError) {
        guard var run = try run(of: job.id), run.nonce == job.run.nonce else { return }
        run.processGroups.append(processGroup)
        try writeWhole(job.id, SpoolLayout.run(job.id), run.bytes)
    }
}
