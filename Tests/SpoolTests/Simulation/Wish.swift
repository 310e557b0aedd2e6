import JobCore

/// What an actor of a simulation does to the one job.
enum Wish: Sendable, Equatable, CustomStringConvertible {
    case submit, cancel, retry, delete, look
    /// Claims the job; where that succeeds, the wish that follows is how it ends.
    case claim(Ending)
    /// The end of what was claimed; never drawn, always the second half of a claim.
    case end(Ending, attempt: Int)
    /// The monitor finds the attempt silent.
    case failSilent
    /// The monitor's look at a job that may have lost its owner.
    case repair
    /// The janitor removes the record of a job whose token a person removed.
    case forget
    /// The archiver sends the job to its day folder, or puts it back from there.
    case archive, tidy
    /// A person's `mv` and `rm`, wherever the file of that state lies.
    case move(JobState, JobState), remove(JobState)

    enum Ending: String, Sendable, CaseIterable { case done, failed, requeue }

    var description: String {
        switch self {
        case .submit: "submit"
        case .cancel: "cancel"
        case .retry: "retry"
        case .delete: "delete"
        case .look: "look"
        case .claim: "claim"
        case .end(let ending, let attempt): "end attempt \(attempt): \(ending.rawValue)"
        case .failSilent: "fail silent"
        case .repair: "repair"
        case .forget: "forget"
        case .archive: "archive"
        case .tidy: "tidy"
        case .move(let old, let new): "mv \(old.rawValue)/ \(new.rawValue)/"
        case .remove(let state): "rm \(state.rawValue)/"
        }
    }
}
