public import JobCore

/// A running job in the hands of its owner: the lock is held until the value that ends it was carried out.
public struct ClaimedJob: Sendable {
    public let id: JobID
    public let request: JobRequest
    /// The job file as the claim wrote it.
    public let document: JobDocument
    public let run: RunRecord
    /// Held for the whole attempt.
    public let lock: any FileLock

    public var attempt: Int { run.attempt }

    /// The seed to use: the user's, or the one that the claim recorded.
    public var seed: Int {
        document[.params]?.object?["seed"]?.integer.flatMap(Int.init(exactly:)) ?? JobRequest.resolvedSeed(for: id)
    }
}

/// What came of trying to claim.
public enum ClaimResult: Sendable {
    case claimed(ClaimedJob)
    /// Somebody alive holds the job's lock: an older attempt that has not stopped yet, or a submit under way.
    case busy
    /// Moved, canceled or claimed by somebody else.
    case gone
    /// It asks for something that cannot be; it lies in `failed/`.
    case refused(Failure)
}
