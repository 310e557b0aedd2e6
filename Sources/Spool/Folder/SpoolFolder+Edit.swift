public import JobCore

/// Changing a job that waits, and what a person noted on one that has ended.
extension SpoolFolder {
    /// What came of an edit.
    public enum EditResult: Sendable, Equatable {
        case changed
        /// In this state the job, or what was to be changed of it, stays as it is.
        case wrongState(JobState)
        case missing
    }

    /// The job's file wherever it lies; nil when it has none that reads.
    public func currentDocument(_ id: JobID) throws(FileError) -> JobDocument? {
        guard let place = try place(of: id) else { return nil }
        return try document(id, at: place)
    }

    /// Changes a job as far as its state allows: one that waits as a whole, one that has ended in its marks alone.
    ///
    /// - Parameters:
    ///   - check: looks at what becomes of a job that waits; what it throws leaves the job as it was.
    ///   - patch: JSON Merge Patch (RFC 7396) for the file as it is.
    /// - Throws: `Failure`; what `check` throws.
    public func patch(
        _ id: JobID, check: (JobDocument) throws -> Void = { _ in }, with patch: (JobDocument) -> [String: JSONValue]
    ) throws -> EditResult {
        if let state = try state(of: id), state.isFinal {
            guard let document = try currentDocument(id), JobMarks.include(patch(document)) else {
                return .wrongState(state)
            }
            return try mark(id) { try $0.marked(with: patch($0)) }
        }
        return try edit(id) { document in
            let patched = try document.patched(with: patch(document))
            try check(patched)
            return patched
        }
    }

    /// Changes the file of a job in `queued/`, in one step; whoever claims it meanwhile keeps the old one.
    ///
    /// - Parameter change: gets the file as it is; what it throws leaves the job as it was.
    /// - Throws: `Failure`; what `change` throws.
    public func edit(_ id: JobID, _ change: (JobDocument) throws -> JobDocument) throws -> EditResult {
        guard let place = try place(of: id) else { return .missing }
        guard place.state == .queued else { return .wrongState(place.state) }
        guard let old = try document(id, in: .queued) else { return .missing }
        var document = try change(old)
        document.rev = old.rev + 1
        let request = try JobRequest(document)
        let notBefore = request.notBefore.flatMap { $0 > now() ? $0 : nil }
        guard
            try replaceToken(id, in: .queued, with: document, notBefore: notBefore, isSynced: true)
        else { return try state(of: id).map { .wrongState($0) } ?? .missing }
        try sync([SpoolLayout.queued])
        return .changed
    }

    /// So often a mark is tried while somebody else holds the job: about two seconds.
    private static let markTries = 26

    /// Changes what a person noted on an ended job. The file keeps its time: the job did not end anew.
    ///
    /// - Parameter change: gets the file as it is; what it throws leaves the job as it was.
    /// - Throws: what `change` throws; `internal_error`, retryable, while somebody else holds the job.
    public func mark(_ id: JobID, _ change: (JobDocument) throws -> JobDocument) throws -> EditResult {
        for look in 0..<Self.markTries {
            // Whoever looks after a job that has just ended holds it for a blink.
            if look > 0 { Pause.beforeTry(look) }
            guard let place = try place(of: id) else { return .missing }
            guard place.state.isFinal else { return .wrongState(place.state) }
            guard let old = try document(id, at: place) else { continue }
            var document = try change(old)
            document.rev = old.rev + 1
            let isChanged = try withBallast { () throws(FileError) in
                try holding(id) { () throws(FileError) in try mark(id, at: place, from: old, to: document) }
            }
            if isChanged == true { return .changed }
        }
        throw Failure(
            .internalError, "Job \(id) is being worked on.", hint: "Try again in a moment.", isRetryable: true)
    }

    /// - Returns: false when the token is another one, or elsewhere, by now. - Note: the caller holds the lock.
    private func mark(
        _ id: JobID, at place: JobPlace, from old: JobDocument, to new: JobDocument
    ) throws(FileError) -> Bool {
        guard let status = try files.status(SpoolLayout.token(id, at: place)),
            try document(id, at: place)?.rev == old.rev
        else { return false }
        let time = Timestamp(milliseconds: status.modified / 1_000_000)
        guard let swapped = try swapToken(id, at: place, with: new, notBefore: time, isSynced: true) else {
            return false
        }
        try files.remove(swapped)
        try sync([SpoolLayout.folder(of: place)])
        // The record knows it, too: it is what a torn copy is made whole from.
        guard let final = try document(at: SpoolLayout.final(id)), final.outcome == place.state, final.rev == old.rev
        else { return true }
        let second = SpoolLayout.temporary(id, nonce: nonce())
        try files.link(SpoolLayout.token(id, at: place), second)
        try files.rename(second, SpoolLayout.final(id), .replace)
        return true
    }
}
