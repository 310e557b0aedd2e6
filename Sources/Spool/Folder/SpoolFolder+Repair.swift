public import JobCore

/// Carrying out what `Reconcile` decides. Always under the job's lock, so that nobody alive is disturbed.
extension SpoolFolder {
    /// Brings one job back to a whole state.
    ///
    /// - Parameters:
    ///   - isRestoring: also makes a token that is missing, from the record. Only for a copy that was restored: in a
    ///     spool that lives, a token is missing because somebody removed it.
    ///   - known: day folders in which a token of it was seen; the one that its record tells of is looked at anyway.
    ///   - stopProcesses: stops what a dead owner left behind; the caller knows processes, the spool does not.
    /// - Returns: the steps that were taken; empty when the job was whole, or somebody alive owns it.
    public func repair(
        _ id: JobID, policy: Policy, isRestoring: Bool = false, known: [JobPlace] = [],
        stopProcesses: (RunRecord) -> Void
    ) throws(FileError) -> [RepairStep] {
        try withBallast { () throws(FileError) in
            try repaired(id, policy: policy, isRestoring: isRestoring, known: known, stopProcesses: stopProcesses)
        }
    }

    private func repaired(
        _ id: JobID, policy: Policy, isRestoring: Bool, known: [JobPlace], stopProcesses: (RunRecord) -> Void
    ) throws(FileError) -> [RepairStep] {
        let isDeleted = try files.status(SpoolLayout.trashedToken(id)) != nil
        guard try state(of: id) != nil || (isRestoring && !isDeleted) else { return [] }
        let isNew = try files.status(SpoolLayout.record(id)) == nil ? try makeRecord(id) : false
        let steps = try holding(id) { () throws(FileError) -> [RepairStep] in
            let evidence = try evidence(id, known: known)
            // None in any folder: removed, or it moved past the look, for a cancel needs no lock.
            let isThere = if evidence.tokens.isEmpty { try state(of: id) != nil } else { true }
            guard !evidence.tokens.isEmpty || (isRestoring && !isThere) else {
                try leave(id, isNew: isNew)
                return []
            }
            let steps = Reconcile.plan(evidence, policy: policy)
            for step in steps { try perform(step, on: id, given: evidence, stopProcesses: stopProcesses) }
            return steps
        }
        return steps ?? []
    }

    /// All that lies on the disk about one job. - Note: the caller holds the lock, so nobody else owns it.
    ///
    /// - Parameter known: day folders to look into, beside the one that the record tells of.
    public func evidence(_ id: JobID, known: [JobPlace] = []) throws(FileError) -> JobEvidence {
        var tokens: [JobEvidence.Token] = []
        let flat = [JobState.canceled, .done, .failed, .queued, .running].map { JobPlace($0) }
        let recorded = try recordedPlace(of: id).map { [$0] } ?? []
        let days = Set(known.filter { $0.day != nil } + recorded)
        for place in flat + days.sorted(by: { SpoolLayout.folder(of: $0) < SpoolLayout.folder(of: $1) }) {
            guard try files.status(SpoolLayout.token(id, at: place)) != nil else { continue }
            guard let document = try document(id, at: place) else {
                // Gone between the two looks: somebody moved it, it is not torn.
                guard try files.status(SpoolLayout.token(id, at: place)) != nil else { continue }
                tokens.append(JobEvidence.Token(state: place.state, day: place.day, isReadable: false))
                continue
            }
            tokens.append(
                JobEvidence.Token(
                    state: place.state, day: place.day, rev: document.rev, attempt: document.attempt,
                    outcome: document.outcome,
                    isScrubbed: Self.isScrubbed(document)))
        }
        var final: JobEvidence.Final?
        if let document = try document(at: SpoolLayout.final(id)), let outcome = document.outcome, outcome.isFinal {
            final = JobEvidence.Final(rev: document.rev, attempt: document.attempt, outcome: outcome)
        }
        return JobEvidence(
            tokens: tokens, hasBirth: try document(at: SpoolLayout.birth(id)) != nil, run: try run(of: id),
            final: final,
            cancelRev: try cancelWish(id),
            scratches: try scratches(of: id))
    }

    /// The attempts of which a folder is left, the first one first.
    private func scratches(of id: JobID) throws(FileError) -> [Int] {
        try files.list(SpoolLayout.record(id)).compactMap { SpoolLayout.attempt(ofScratch: $0.name) }.sorted()
    }

    /// Removes what all attempts have made.
    func removeScratches(of id: JobID) throws(FileError) {
        for attempt in try scratches(of: id) { try removeTree(SpoolLayout.scratch(id, attempt: attempt)) }
    }

    private func perform(
        _ step: RepairStep, on id: JobID, given evidence: JobEvidence, stopProcesses: (RunRecord) -> Void
    ) throws(FileError) {
        switch step {
        case .setAsideToken(let place): try setAsideSecond(id, at: place, given: evidence)
        case .restoreToken(let place, let source):
            let isReplacing = evidence.tokens.contains { $0.place == place }
            try restoreToken(id, at: place, from: source, isReplacing: isReplacing)
            if place.state == .done, let document = try document(id, at: place) { try makeFilmLinks(id, document) }
        case .dropCancelWish:
            try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.cancelWish(id)) }
        case .cancel(let state): try finishCancel(id, from: state)
        case .scrubCanceled: try scrubCanceled(id)
        case .dropOutcome: try dropOutcome(of: id)
        case .delete:
            try ignoringTaken { () throws(FileError) in try files.create(SpoolLayout.trashedToken(id), []) }
            _ = try clearRecord(id)
        case .finish: try finishWhatWasDecided(id)
        case .requeue(let accounting): try requeueAbandoned(id, accounting)
        case .fail(let failure):
            if let document = try document(id, in: .running) {
                _ = try fail(id, in: .running, document, failure)
            }
        // The owner is made by whoever asked for the repair.
        case .attach: break
        case .stopProcesses(let run): stopProcesses(run)
        case .removeScratch(let attempt): try removeTree(SpoolLayout.scratch(id, attempt: attempt))
        }
    }

    /// One that moved to and fro while we looked was seen twice: the only token of a job is put back.
    private func setAsideSecond(_ id: JobID, at place: JobPlace, given evidence: JobEvidence) throws(FileError) {
        let token = SpoolLayout.token(id, at: place)
        var others = 0
        for other in Set(JobState.allCases.map { JobPlace($0) } + evidence.tokens.map(\.place)) where other != place {
            if try files.status(SpoolLayout.token(id, at: other)) != nil { others += 1 }
        }
        guard others > 0 else { return }
        guard let kept = try setAside(token, because: "job \(id) has a newer file in another folder"),
            try self.state(of: id) == nil
        else { return }
        try files.rename(SpoolLayout.quarantined(kept), token, .noReplace)
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.reason(ofQuarantined: kept)) }
    }

    /// - Parameter isReplacing: a token lay there. Where it is gone, somebody moved it while we looked, and another one
    ///   would bring back what was canceled.
    private func restoreToken(
        _ id: JobID, at place: JobPlace, from source: RepairStep.Source, isReplacing: Bool
    ) throws(FileError) {
        let path = source == .final ? SpoolLayout.final(id) : SpoolLayout.birth(id)
        guard let bytes = try bytes(at: path) else { return }
        let (temporary, token) = (SpoolLayout.temporary(id, nonce: nonce()), SpoolLayout.token(id, at: place))
        let isThere = try files.status(token) != nil
        try create(temporary, bytes)
        try sync([temporary])
        do {
            try files.rename(temporary, token, .exchange)
            try removeTree(temporary)
        } catch {
            guard error.isMissing else { throw error }
            // Somebody moved it meanwhile: the job lives on elsewhere.
            if isThere { return try removeTree(temporary) }
            // There is no token to swap with: the copy goes to its place.
            guard !isReplacing else { return try removeTree(temporary) }
            do {
                try files.rename(temporary, token, .noReplace)
            } catch {
                try? files.remove(temporary)
                throw error
            }
        }
        try sync([SpoolLayout.folder(of: place)])
    }

    /// The outcome is on the disk: carry out the rest, unless the outputs did not survive.
    private func finishWhatWasDecided(_ id: JobID) throws(FileError) {
        guard let document = try document(at: SpoolLayout.final(id)), let outcome = document.outcome else { return }
        for artifact in document.artifacts {
            let path = "\(SpoolLayout.scratch(id, attempt: document.attempt))/\(artifact.name)"
            guard try files.status(path)?.size == artifact.bytes else {
                try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.final(id)) }
                return try requeueAbandoned(id, .nothing)
            }
        }
        guard try commit(id, as: outcome) else { return }
        try sync([outcome.rawValue])
        if outcome == .done { try makeFilmLinks(id, document) }
    }

    private func requeueAbandoned(_ id: JobID, _ accounting: JobEffect.Accounting) throws(FileError) {
        guard let document = try document(id, in: .running), let run = try run(of: id), run.attempt == document.attempt
        else {
            _ = try move(id, from: .running, to: .queued)
            return
        }
        let delay: Duration =
            accounting == .crash
            ? RetryPolicy.delay(afterCrashes: run.crashesInARow + 1, jitter: Double(random() % 1000) / 1000) : .zero
        _ = try putBack(id, document, run, after: delay, accounting, nil)
    }

    /// Whether somebody alive holds the job's lock. A job without a record has no owner.
    public func isOwned(_ id: JobID) throws(FileError) -> Bool { try glance(at: id).isOwned }

    /// One look at every job in `running/`, without reading any: one `stat` and one try of the lock each.
    ///
    /// - Returns: the jobs that could be looked at, and the errors of those that could not: one hides no other.
    public func glanceAtRunning() throws(FileError) -> (jobs: [RunningGlance], errors: [FileError]) {
        var (jobs, errors): ([RunningGlance], [FileError]) = ([], [])
        for id in try ids(in: .running) {
            do { jobs.append(try glance(at: id)) } catch { errors.append(error) }
        }
        return (jobs, errors)
    }

    private func glance(at id: JobID) throws(FileError) -> RunningGlance {
        guard let beat = try files.status(SpoolLayout.beat(id)) else {
            return RunningGlance(id: id, stamp: 0, isOwned: false)
        }
        return RunningGlance(id: id, stamp: beat.modified, isOwned: try holding(id) { false } ?? true)
    }

    /// Jobs of which a half-made file is left: something may have been killed in the middle of a change.
    public func idsHalfDone() throws(FileError) -> [JobID] {
        try files.list(SpoolLayout.temporary).compactMap { SpoolLayout.id(ofTemporary: $0.name) }
    }

    /// Removes half-made files that no writer can still be busy with.
    public func sweepTemporary(olderThan age: Duration) throws(FileError) {
        let limit = now().milliseconds - age.milliseconds
        var old: [String] = []
        for entry in try files.list(SpoolLayout.temporary) {
            let path = "\(SpoolLayout.temporary)/\(entry.name)"
            if let status = try files.status(path), status.changed / 1_000_000 < limit { old.append(path) }
        }
        // Only now, because removing one of two names of a file renews the change time of the other.
        for path in old { try removeTree(path) }
    }
}
