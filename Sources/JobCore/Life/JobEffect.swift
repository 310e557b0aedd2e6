/// What must be done about an event, in this order. Performing is the engine's and the spool's business.
public enum JobEffect: Sendable, Equatable {
    case startBackend(attempt: Int)
    case reportProgress(percent: Int)
    /// Stops the backend and every process it started.
    case stopBackend
    /// The one exit: writes the outcome, then renames into the final state.
    case end(Ending)
    /// Stays in `running/` without an owner: the next start takes it up again.
    case leaveRunning
    /// A new owner goes on with the attempt; nothing is started anew.
    case attachBackend(attempt: Int)
    /// Back to `queued/`, not before the delay has passed.
    case requeue(after: Duration, Accounting)
    /// What the attempt wrote is nobody's: remove it.
    case removeScratch(attempt: Int)
    /// A result of an attempt that no longer counts.
    case discardLateResult(attempt: Int)

    /// A final state and what is recorded with it.
    public enum Ending: Sendable, Equatable {
        case done, failed(Failure), canceled

        public var state: JobState {
            switch self {
            case .done: .done
            case .failed: .failed
            case .canceled: .canceled
            }
        }
    }

    /// What an attempt that goes back to the queue has used up.
    public enum Accounting: Sendable, Equatable {
        /// Nothing: the daemon stopped, or a person released it.
        case nothing
        /// One of `max_attempts`.
        case failure
        /// One of the deaths in a row.
        case crash
    }
}
