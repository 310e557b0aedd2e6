public import JobCore

/// Why the front desk does not do what it was asked, where that is nobody's failure.
public enum DeskRefusal: Error, Sendable, Equatable {
    case noSuchJob(JobID)
    /// The job's state does not allow it.
    case wrongState(JobID, JobState, wanted: String)
    /// The job is not as the caller believed (`If-Match`).
    case changedMeanwhile(JobID)
    /// A request with this idempotency key is being carried out.
    case keyAtWork
    /// The idempotency key came with another request before.
    case keyOfAnotherRequest(JobID)
    /// `upload:` names what was never uploaded, or is gone again.
    case noSuchUpload(String)
    case noSuchDelivery(WebhookID)
    /// The spool is still being looked through.
    case notReady
    /// No webhook is set up.
    case webhooksAreOff
}
