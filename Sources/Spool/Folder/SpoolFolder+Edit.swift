public import JobCore

/// Changing a job that waits.
extension SpoolFolder {
    /// What came of an edit.
    public enum EditResult: Sendable, Equatable {
        case changed
        /// It does not wait (any more).
        case notQueued(JobState)
        case missing
    }

    /// The job's file wherever it lies; nil when it has none that reads.
    public func currentDocument(_ id: JobID) throws(FileError) -> JobDocument? {
        guard let place = try place(of: id) else { return nil }
        return try document(id, at: place)
    }

    /// Changes the file of a job in `queued/`, in one step; whoever claims it meanwhile keeps the old one.
    ///
    /// - Parameter change: gets the file as it is; what it throws leaves the job as it was.
    /// - Throws: `Failure`; what `change` throws.
    public func edit(_ id: JobID, _ change: (JobDocument) throws -> JobDocument) throws -> EditResult {
        guard let place = try place(of: id) else { return .missing }
        guard place.state == .queued else { return .notQueued(place.state) }
        guard let old = try document(id, in: .queued) else { return .missing }
        var document = try change(old)
        document.rev = old.rev + 1
        let request = try JobRequest(document)
        let notBefore = request.notBefore.flatMap { $0 > now() ? $0 : nil }
        guard
            try replaceToken(id, in: .queued, with: document, notBefore: notBefore, isSynced: true)
        else { return try state(of: id).map { .notQueued($0) } ?? .missing }
        try sync([SpoolLayout.queued])
        return .changed
    }
}
