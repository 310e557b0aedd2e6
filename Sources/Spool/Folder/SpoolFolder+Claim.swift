import Glibc
public import JobCore

/// Claiming: the lock first, then the rename that commits (design, "Claim").
///
/// Lock after rename, or none, lets two workers run one job (shown by the model in the design).
extension SpoolFolder {
    /// Takes a job from `queued/` to `running/` and gives it a new attempt.
    ///
    /// - Parameter isWriting: whether an attempt at this writes files, and so needs an empty folder.
    public func claim(
        _ id: JobID, owner: RunRecord.Owner, isWriting: (JobRequest) -> Bool = { _ in true }
    ) throws(FileError) -> ClaimResult {
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
        defer { if !isKept { letGo(id, lock) } }
        guard try move(id, from: .queued, to: .running) else { return .gone }
        guard let (before, status) = try claimed(id) else {
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
            let scratch = isWriting(request) ? Scratch.made : .unused
            guard let job = try begin(id, before, status, request, owner, scratch, lock) else { return .gone }
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

    /// The token that the rename brought, with the status of the very file it was read from; nil when it does not read.
    private func claimed(_ id: JobID) throws(FileError) -> (JobDocument, FileStatus)? {
        do {
            let contents = try files.read(
                SpoolLayout.token(id, in: .running), limit: JobDocument.maximumRewrittenBytes)
            return contents.flatMap { contents in
                (try? JobDocument(reading: contents.bytes)).map { ($0, contents.status) }
            }
        } catch {
            if error.isNoJobFile { return nil }
            throw error
        }
    }

    /// Whether an attempt has a folder.
    private enum Scratch { case made, unused }

    /// Records the attempt and writes the enriched token; nil when somebody moved it meanwhile.
    private func begin(
        _ id: JobID, _ before: JobDocument, _ status: FileStatus, _ request: JobRequest, _ owner: RunRecord.Owner,
        _ scratch: Scratch, _ lock: any FileLock
    ) throws -> ClaimedJob? {
        let last = try run(of: id)
        let attempt = try number(scratch, of: id, after: max(last?.attempt ?? 0, before.attempt))
        var isBegun = false
        // On a full disk a job is claimed again and again: no try may leave anything behind.
        defer {
            if !isBegun {
                try? removeTree(SpoolLayout.scratch(id, attempt: attempt))
                if last == nil { try? files.remove(SpoolLayout.run(id)) }
            }
        }
        // A person's retry starts the counts anew: such a token carries no attempt of its own, or still an outcome.
        let isContinued = last.map { $0.attempt == before.attempt && before.outcome == nil } ?? false
        try removeFilmLinks(id, before)
        // A job with an earlier life: what that one has in object storage is nobody's from here on.
        if last != nil {
            try noteStored(of: id, before)
            if let final = try self.document(at: SpoolLayout.final(id)) { try noteStored(of: id, final) }
        }
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.final(id)) }
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.published(id)) }

        var document = before
        document.forgetOutcome()
        document.createdAt = Self.createdAt(before, status)
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
        // A person who retried a canceled job, or asked for something else, wants nothing of what still runs elsewhere.
        let isWanted = before.outcome != .canceled && before[.isAnew] != .bool(true)
        document[.isAnew] = nil
        run.inherit(from: last, isWanted: isWanted)
        if isContinued { (run.lastCrashStart, run.lastCrashAttempt) = (last?.lastCrashStart, last?.lastCrashAttempt) }
        try write(run, of: id, isFirst: last == nil)
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.progress(id)) }
        // A token that is still the birth record can be restored from it; what a retry changed is only in the token.
        let isBirth = try files.status(SpoolLayout.birth(id))?.inode == status.inode
        guard try replaceToken(id, in: .running, with: document, isSynced: !isBirth) else { return nil }
        try lock.touch()
        isBegun = true
        return ClaimedJob(id: id, request: request, document: document, run: run, lock: lock)
    }

    /// The number of a new attempt, never one that was used before, and its empty folder where it wants one.
    private func number(_ scratch: Scratch, of id: JobID, after last: Int) throws(FileError) -> Int {
        var attempt = last + 1
        while true {
            let folder = SpoolLayout.scratch(id, attempt: attempt)
            switch scratch {
            case .unused: if try files.status(folder) == nil { return attempt }
            case .made:
                do {
                    try files.makeFolder(folder)
                    return attempt
                } catch {
                    guard error.isTaken else { throw error }
                }
            }
            attempt += 1
        }
    }

    /// The first one is made in place: torn, it counts as none, as it would if it were not there yet.
    private func write(_ run: RunRecord, of id: JobID, isFirst: Bool) throws(FileError) {
        if isFirst {
            do {
                return try files.create(SpoolLayout.run(id), run.bytes)
            } catch {
                guard error.isTaken else {
                    try? files.remove(SpoolLayout.run(id))
                    throw error
                }
            }
        }
        try write(run, of: id)
    }

    /// The last attempt's record, nil when there is none or it is torn.
    public func run(of id: JobID) throws(FileError) -> RunRecord? {
        try bytes(at: SpoolLayout.run(id)).flatMap { RunRecord(reading: $0) }
    }

    /// Adds a process group to the attempt's record, so that a recovery can stop it. Not synced: it dies with the boot.
    public func record(processGroup: Int32, of job: ClaimedJob) throws(FileError) {
        guard var run = try run(of: job.id), run.nonce == job.run.nonce else { return }
        run.processGroups.append(processGroup)
        try write(run, of: job.id)
    }
}
