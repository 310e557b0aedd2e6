public import JobCore

/// What came of a cancel.
public enum CancelResult: Sendable, Equatable {
    /// It is canceled: now, or it was before.
    case canceled
    /// It had ended before.
    case ended(JobState)
    case missing
}

/// Cancel: immediate, idempotent, final; by any process, with or without a daemon, never waiting for a lock.
///
/// The one rename into `canceled/` is the point of no return: a worker's late result then finds no token.
extension SpoolFolder {
    /// Cancels a job. After it returns `.canceled`, no output of the job is ever published.
    public func cancel(_ id: JobID) throws(FileError) -> CancelResult {
        try withBallast { () throws(FileError) in try canceled(id) }
    }

    private func canceled(_ id: JobID) throws(FileError) -> CancelResult {
        for _ in 0..<8 {
            // Nowhere at two looks: it is not there, or it moves so fast that only another look can tell.
            guard let state = try state(of: id) else { continue }
            switch state {
            case .canceled:
                // Whoever moved it may not have brought that to the disk, and our answer is a promise too.
                try sync([JobState.canceled.rawValue], always: true)
                return .canceled
            case .done, .failed:
                try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.cancelWish(id)) }
                return .ended(state)
            case .queued, .running:
                try wishCancel(id)
                if try moveToCanceled(id) {
                    try finishCancel(id, from: nil)
                    return .canceled
                }
            }
        }
        return .missing
    }

    private func moveToCanceled(_ id: JobID) throws(FileError) -> Bool {
        if try move(id, from: .queued, to: .canceled) { return true }
        return try move(id, from: .running, to: .canceled)
    }

    /// The wish outlives a crash before the rename. It names the rev it ends, so that it cannot hit a later life.
    private func wishCancel(_ id: JobID) throws(FileError) {
        var rev = 0
        for state in [JobState.queued, .running] { rev = max(rev, try document(id, in: state)?.rev ?? 0) }
        do {
            // + 1000: a claim or a requeue between our look and our rename bumps the rev a few times.
            try create(SpoolLayout.cancelWish(id), JSONWriter.pretty(["rev": .integer(Int64(rev) + 1000)]))
        } catch {
            // Taken: somebody else wishes the same. Missing: nobody admitted the file yet, the rename alone does it.
            if !error.isTaken, !error.isMissing { throw error }
        }
    }

    /// The rev that a wish to cancel ends, nil when there is none; a torn wish is a wish.
    func cancelWish(_ id: JobID) throws(FileError) -> Int? {
        guard try files.status(SpoolLayout.cancelWish(id)) != nil else { return nil }
        let bytes = try bytes(at: SpoolLayout.cancelWish(id)) ?? []
        return (try? JSONReader.read(bytes))?.object?["rev"]?.count ?? .max
    }

    /// The rest of a cancel: the rename where it is still due, its survival, and a token that says so.
    func finishCancel(_ id: JobID, from state: JobState?) throws(FileError) {
        if let state, try !move(id, from: state, to: .canceled) { return }
        try sync([JobState.canceled.rawValue], always: true)
        try scrubCanceled(id)
        // Gone from there again: retried or deleted meanwhile. The wish was carried out and is not for another life.
        if try files.status(SpoolLayout.token(id, in: .canceled)) == nil {
            try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.cancelWish(id)) }
        }
    }

    /// Rewrites a canceled token so that it says so, with nothing of another outcome; also for a plain `mv`.
    public func scrubCanceled(_ id: JobID) throws(FileError) {
        try withBallast { () throws(FileError) in try scrub(id) }
    }

    private func scrub(_ id: JobID) throws(FileError) {
        var place = JobPlace.canceled
        if try files.status(SpoolLayout.token(id, at: place)) == nil {
            guard let found = try self.place(of: id), found.state == .canceled else { return }
            place = found
        }
        guard let document = try document(id, at: place) else { return }
        let wish = try cancelWish(id)
        guard !Self.isScrubbed(document) || (wish ?? 0) > document.rev else { return }
        // It gets a new day, so it leaves this day's folder: a retry that was cut short, or a person's `mv`.
        if place.day != nil, try !move(id, at: place, to: .canceled) { return }
        try removeFilmLinks(id, document)
        try noteStored(of: id, document)
        // A retry that was cut short has taken the list of films out of the file.
        let final = try forgetOutcome(of: id)
        var canceled = document
        canceled.forgetOutcome()
        // At least the wish's rev: the wish is honoured, and a later life of the job has nothing to fear from it. Nor
        // is anything on record newer: what is, belongs to a later life (Reconcile, 7).
        let recorded = max(final?.rev ?? 0, try run(of: id)?.rev ?? 0)
        canceled.rev = max(document.rev + 1, wish == .max ? 0 : wish ?? 0, recorded)
        canceled.outcome = .canceled
        canceled.finishedAt = now()
        canceled.error = Failure(.userCanceled, "The job was canceled.")
        // A drop that nobody admitted has no record to be restored from: then its bytes are synced in every mode.
        let hasBirth = try files.status(SpoolLayout.birth(id)) != nil
        guard try replaceToken(id, in: .canceled, with: canceled, isSynced: true, always: !hasBirth) else { return }
        if wish != nil { try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.cancelWish(id)) } }
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.final(id)) }
    }

    /// Removes the record of an ending that does not count; the films that it names go first.
    func dropOutcome(of id: JobID) throws(FileError) {
        _ = try forgetOutcome(of: id)
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.final(id)) }
    }

    /// Nothing shows what the recorded ending has made any more. - Returns: the record, which is still there.
    private func forgetOutcome(of id: JobID) throws(FileError) -> JobDocument? {
        guard let final = try document(at: SpoolLayout.final(id)) else { return nil }
        try removeFilmLinks(id, final)
        try noteStored(of: id, final)
        return final
    }

    static func isScrubbed(_ document: JobDocument) -> Bool {
        document.outcome == .canceled && document.artifacts.isEmpty && document.error?.code == .userCanceled
    }
}
