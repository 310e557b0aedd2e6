/// What a webhook tells of.
public enum WebhookEvent: String, CaseIterable, Sendable {
    case jobDone = "job.done"
    case jobFailed = "job.failed"
    case jobCanceled = "job.canceled"
    /// The last job has ended: none waits, none runs.
    case queueIdle = "queue.idle"
    /// The spool's disk has less room than `KINOSPOOL_MIN_FREE`: no new job starts.
    case storageLow = "storage.low"

    /// What the ending of a job is called; nil for a state that is no ending.
    public init?(_ state: JobState) {
        switch state {
        case .done: self = .jobDone
        case .failed: self = .jobFailed
        case .canceled: self = .jobCanceled
        case .queued, .running: return nil
        }
    }
}
