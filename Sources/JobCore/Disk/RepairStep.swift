/// One step of bringing a job back to a whole state. Each is idempotent and rolls forward, never back.
public enum RepairStep: Sendable, Equatable {
    /// One of several tokens of the same job: into quarantine with it.
    case setAsideToken(JobPlace)
    /// Writes a token that is missing or torn, from the record.
    case restoreToken(JobPlace, from: Source)
    /// Removes a wish to cancel that was honoured before, or came too late.
    case dropCancelWish
    /// Renames to `canceled/`: a wish is on the disk that nobody carried out yet.
    case cancel(from: JobState)
    /// Rewrites a canceled token so that it says so, and nothing of another outcome.
    case scrubCanceled
    /// Removes the record of an ending that the cancel was quicker than, and the names of its films.
    case dropOutcome
    /// Finishes a delete of which a torn copy has only the end: the job is gone, a run of it elsewhere is still to be
    /// ended.
    case delete
    /// Carries out the rest of an ending whose outcome is on the disk.
    case finish(JobState)
    /// Back to `queued/`.
    case requeue(JobEffect.Accounting)
    /// Ends a job whose owner is dead.
    case fail(Failure)
    /// The attempt's work goes on elsewhere: whoever repairs becomes its owner.
    case attach(attempt: Int)
    /// Stops the processes that a dead owner left behind.
    case stopProcesses(RunRecord)
    /// Removes what an attempt wrote.
    case removeScratch(attempt: Int)

    /// Where a token's bytes come from.
    public enum Source: Sendable { case birth, final }
}
