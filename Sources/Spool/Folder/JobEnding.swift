public import JobCore

/// An owner's wish to end its job.
public struct JobEnding: Sendable {
    public let job: ClaimedJob
    public let outcome: Outcome
    /// What people shall know of it.
    public let warnings: [String]
    /// What it had running at providers, the oldest first.
    public let remotes: [RemoteRecord]
    /// What became of its artifacts in object storage; nil where there is none.
    public let publication: Publication?

    /// How it ended.
    public enum Outcome: Sendable {
        /// The artifacts lie in the attempt's folder.
        case done([Artifact])
        case failed(Failure)
    }

    public init(
        _ job: ClaimedJob, _ outcome: Outcome, warnings: [String] = [], remotes: [RemoteRecord] = [],
        publication: Publication? = nil
    ) {
        (self.job, self.outcome, self.warnings, self.remotes) = (job, outcome, warnings, remotes)
        self.publication = publication
    }
}

/// What came of it.
public enum EndingResult: Sendable, Equatable {
    case recorded
    /// Canceled, moved, deleted or timed out before: the result counts no more, and its files are removed.
    case lost
    /// The disk did not take it; the job is still running and the ending may be tried again.
    case failed(FileError)
}
