import Glibc
public import JobCore

/// The one exit of an owned job (design, "Complete" and "Fail").
///
/// Outputs and `final.json` are synced first, then the token's content is exchanged, then one rename commits. Whoever
/// moved the token before that rename has won: the result is discarded.
extension SpoolFolder {
    /// Ends several jobs as one group commit.
    ///
    /// - Returns: one answer for each, in order. The lock is released unless the answer is `.failed`.
    public func finish(_ endings: [JobEnding]) -> [EndingResult] {
        var results = ended(endings)
        let refused = results.indices.filter {
            guard case .failed(let error) = results[$0] else { return false }
            return error.isFull
        }
        guard !refused.isEmpty, dropBallast() else { return results }
        for (index, result) in zip(refused, ended(refused.map { endings[$0] })) { results[index] = result }
        return results
    }

    private func ended(_ endings: [JobEnding]) -> [EndingResult] {
        var prepared = endings.map { ending in Result { () throws(FileError) in try prepare(ending) } }
        let paths = prepared.map { (try? $0.get()) ?? [] }
        if durability == .full {
            var errors = files.sync(paths.flatMap { $0 })[...]
            for (index, paths) in paths.enumerated() {
                let own = errors.prefix(paths.count)
                errors = errors.dropFirst(paths.count)
                if case let error?? = own.first(where: { $0 != nil }) { prepared[index] = .failure(error) }
            }
        }
        var results: [EndingResult] = []
        for (ending, preparation) in zip(endings, prepared) {
            do {
                _ = try preparation.get()
                let isRecorded = try commit(ending.job.id, as: ending.state)
                results.append(isRecorded ? .recorded : .lost)
            } catch {
                results.append(.failed(error))
            }
        }
        let targets = Set(zip(endings, results).filter { $0.1 == .recorded }.map { $0.0.state.rawValue })
        do {
            if !targets.isEmpty { try sync(targets.sorted()) }
        } catch {
            // The renames are done; only their survival of a power cut is in doubt, and recovery rolls forward.
        }
        for (ending, result) in zip(endings, results) { sweep(ending, result) }
        return results
    }

    /// Writes `final.json`. - Returns: what must reach the disk before the commit.
    private func prepare(_ ending: JobEnding) throws(FileError) -> [String] {
        let id = ending.job.id
        let final = SpoolLayout.final(id)
        let bytes = Self.finalDocument(ending, at: now()).bytes
        do {
            try create(final, bytes)
        } catch {
            // Of a try that the disk refused: the claim has left none.
            guard error.isTaken else { throw error }
            try ignoringMissing { () throws(FileError) in try files.remove(final) }
            try create(final, bytes)
        }
        guard case .done(let artifacts) = ending.outcome, !artifacts.isEmpty else { return [final] }
        let scratch = SpoolLayout.scratch(id, attempt: ending.job.attempt)
        let names = artifacts.flatMap(\.fileNames)
        return names.map { "\(scratch)/\($0)" } + [scratch, final]
    }

    static func finalDocument(_ ending: JobEnding, at now: Timestamp) -> JobDocument {
        var document = ending.job.document
        document.forgetOutcome()
        document.rev += 1
        document.finishedAt = now
        document.outcome = ending.state
        document.warnings = ending.warnings
        document.remoteRuns = ending.remotes
        switch ending.outcome {
        case .done(let artifacts):
            document.artifacts = artifacts
            document[.progress] = 100
            document[.publication] = ending.publication?.json
            let scratch = SpoolLayout.scratch(ending.job.id, attempt: ending.job.attempt)
            document[.outputURLs] = .array(
                artifacts.map { artifact in
                    .string(ending.publication?.address(of: artifact.name) ?? "\(scratch)/\(artifact.name)")
                })
        case .failed(let failure):
            document.error = failure
        }
        return document
    }

    /// Exchanges the running token with `final.json` and renames; false when somebody moved the token before.
    func commit(_ id: JobID, as outcome: JobState) throws(FileError) -> Bool {
        let temporary = SpoolLayout.temporary(id, nonce: nonce())
        try files.link(SpoolLayout.final(id), temporary)
        guard try exchange(temporary, with: SpoolLayout.token(id, in: .running)) else { return false }
        return try move(id, from: .running, to: outcome)
    }

    /// After the commit: links for people, or the removal of what is nobody's.
    private func sweep(_ ending: JobEnding, _ result: EndingResult) {
        let job = ending.job
        switch (result, ending.outcome) {
        case (.recorded, .done(let artifacts)):
            if !artifacts.isEmpty {
                let document = Self.finalDocument(ending, at: now())
                try? makeFilmLinks(job.id, document)
                // Retried or deleted since the commit: whoever did that has looked for the links too early.
                let isStillDone = (try? self.document(job.id, in: .done))?.outcome == .done
                if !isStillDone { try? removeFilmLinks(job.id, document) }
            }
            try? removeIfEmpty(SpoolLayout.scratch(job.id, attempt: job.attempt))
        case (.recorded, .failed):
            try? removeTree(SpoolLayout.scratch(job.id, attempt: job.attempt))
        case (.lost, _):
            try? files.remove(SpoolLayout.final(job.id))
            try? discard(job)
        case (.failed, _): return
        }
        job.lock.release()
    }

    /// Fails a job that this process has locked, and that no attempt works on; false when somebody moved it.
    func fail(
        _ id: JobID, in old: JobState, _ document: JobDocument, _ failure: Failure
    ) throws(FileError) -> Bool {
        let failed = Self.failedDocument(document, failure, at: now())
        guard try replaceToken(id, in: old, with: failed, isSynced: true) else { return false }
        guard try move(id, from: old, to: .failed) else { return false }
        try sync([JobState.failed.rawValue])
        return true
    }

    static func failedDocument(_ document: JobDocument, _ failure: Failure, at now: Timestamp) -> JobDocument {
        var failed = document
        failed.forgetOutcome()
        failed.rev += 1
        failed.finishedAt = now
        failed.outcome = .failed
        failed.error = failure
        return failed
    }

    /// Fails a job whose owner is alive but silent. It has no lock: the rename itself fences the owner, whose late
    /// result then finds no token and is discarded.
    ///
    /// - Returns: false when the job is not in that attempt any more.
    public func failSilent(_ id: JobID, attempt: Int, _ failure: Failure) throws(FileError) -> Bool {
        try withBallast { () throws(FileError) in try failedSilent(id, attempt: attempt, failure) }
    }

    private func failedSilent(_ id: JobID, attempt: Int, _ failure: Failure) throws(FileError) -> Bool {
        guard let document = try document(id, in: .running), document.attempt == attempt else { return false }
        let verdict = SpoolLayout.verdict(id)
        try writeWhole(id, verdict, Self.failedDocument(document, failure, at: now()).bytes)
        defer { try? files.remove(verdict) }
        // The rename before the token's new text: an owner that comes back to life may write its own outcome into the
        // token until then, and one that renames first must not carry ours into done/. Until the text is there, the
        // verdict beside it says why.
        guard try move(id, from: .running, to: .failed) else { return false }
        let found = try self.document(id, in: .failed) ?? document
        guard found.attempt <= attempt else {
            _ = try move(id, from: .failed, to: .running)
            return false
        }
        // A retry that was quicker has written its next life into the file, and goes on from here.
        if found.attempt == attempt {
            _ = try replaceToken(id, in: .failed, with: Self.failedDocument(found, failure, at: now()), isSynced: true)
        }
        try sync([JobState.failed.rawValue])
        return true
    }

    /// Removes what an attempt wrote after somebody else moved the job; its outcome counts no more. Where the job was
    /// canceled, what an earlier life has made goes too: a canceled job has no outputs. Where it was deleted
    /// meanwhile, its record goes: until now the attempt held it. - Note: the lock is still held.
    public func discard(_ job: ClaimedJob) throws(FileError) {
        try removeTree(SpoolLayout.scratch(job.id, attempt: job.attempt))
        if try files.status(SpoolLayout.token(job.id, in: .canceled)) != nil { try removeScratches(of: job.id) }
        try removeIfDeleted(job.id)
    }

    /// Puts an owned job back into `queued/`, not before the delay has passed.
    ///
    /// - Parameters:
    ///   - failure: what went wrong, kept in the job file's `errors`.
    /// - Returns: false when somebody moved the job meanwhile. The lock is released either way, but not by an error.
    public func requeue(
        _ job: ClaimedJob, after delay: Duration, _ accounting: JobEffect.Accounting, _ failure: Failure? = nil
    ) throws(FileError) -> Bool {
        try removeTree(SpoolLayout.scratch(job.id, attempt: job.attempt))
        let isBack = try withBallast { () throws(FileError) in
            try putBack(job.id, job.document, job.run, after: delay, accounting, failure)
        }
        if !isBack { try discard(job) }
        job.lock.release()
        if !isBack { try finishDelete(ofReleased: job.id) }
        return isBack
    }

    func putBack(
        _ id: JobID, _ document: JobDocument, _ run: RunRecord, after delay: Duration,
        _ accounting: JobEffect.Accounting, _ failure: Failure?
    ) throws(FileError) -> Bool {
        // The record on the disk knows more than the claim did: what was started elsewhere since.
        var (run, document) = (try self.run(of: id).flatMap { $0.nonce == run.nonce ? $0 : nil } ?? run, document)
        switch accounting {
        case .nothing: break
        case .failure:
            (run.failures, run.crashes) = (run.failures + 1, 0)
            (run.lastCrashStart, run.lastCrashAttempt) = (nil, nil)
        case .crash: run.noteCrash()
        }
        if accounting != .nothing { try write(run, of: id) }
        document.forgetOutcome()
        document.rev += 1
        document.startedAt = nil
        if let failure {
            let entry = failure.json.object.map {
                $0.merging(["attempt": .integer(Int64(run.attempt)), "at": .string(now().text)]) { _, new in new }
            }
            document[.errors] = .array(((document[.errors]?.array ?? []) + [.object(entry ?? [:])]).suffix(20))
        }
        let notBefore = delay > .zero ? now().advanced(byMilliseconds: delay.milliseconds) : nil
        guard try replaceToken(id, in: .running, with: document, notBefore: notBefore, isSynced: true) else {
            return false
        }
        return try move(id, from: .running, to: .queued)
    }
}

extension JobEnding {
    /// The folder it leads to.
    var state: JobState {
        switch outcome {
        case .done: .done
        case .failed: .failed
        }
    }
}
