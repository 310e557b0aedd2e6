public import JobCore

/// An owner's wish to end its job.
public struct JobEnding: Sendable {
    public let job: ClaimedJob
    public let outcome: Outcome

    /// How it ended.
    public enum Outcome: Sendable {
        /// The artifacts lie in the attempt's folder.
        case done([Artifact])
        case failed(Failure)
    }

    public init(_ job: ClaimedJob, _ outcome: Outcome) { (self.job, self.outcome) = (job, outcome) }
}

/// What came of it.
public enum EndingResult: Sendable, Equatable {
    case recorded
    /// Canceled, moved, deleted or timed out before: the result counts no more, and its files are removed.
    case lost
    /// The disk did not take it; the job is still running and the ending may be tried again.
    case failed(FileError)
}
