/// What can happen to a job. Events about a run carry the attempt they speak of.
public enum JobEvent: Sendable, Equatable {
    /// A worker holds the job's lock and wants to run it.
    case claim
    /// The backend reports 0…100.
    case progress(attempt: Int, percent: Int)
    /// The backend returned, and its files passed the gate.
    case succeeded(attempt: Int)
    case failed(attempt: Int, Failure)
    /// A person or a program wants the job gone from the queue, for good.
    case cancel
    /// The worker could not touch its heartbeat for `silence`.
    case silence(attempt: Int, Duration)
    /// The monitor saw no new heartbeat for `silence`, by its own clock.
    case observedSilence(attempt: Int, Duration)
    /// The owner's lock is free: it is dead.
    case ownerDied(attempt: Int)
    /// The owner's lock is free, and the attempt's work goes on elsewhere.
    case ownerLeft(attempt: Int)
    /// The daemon stops while the attempt's work goes on elsewhere.
    case detach(attempt: Int)
    /// The daemon stops; local work goes back.
    case shutdown(attempt: Int)
    /// A person wants it to run again, also by moving the file.
    case retry
    /// A person moved the running file back to `queued/`.
    case release
}
