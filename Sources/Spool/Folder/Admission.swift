public import JobCore

/// What became of a file in `queued/`.
public enum Admission: Sendable, Equatable {
    /// A job that may start.
    case ready(QueuedJob)
    /// Look again after this time.
    case wait(Duration)
    /// It reads, but asks for something that cannot be; it lies in `failed/` with the reason.
    case refused(JobID, Failure)
    /// It is no job file; it lies in `quarantine/` with the reason.
    case setAside(String)
    /// A temporary name, or gone.
    case nothing
}

/// A job in `queued/`, as the dispatcher needs to know it.
public struct QueuedJob: Sendable, Equatable {
    public let id: JobID
    public let request: JobRequest
    public let createdAt: Timestamp
    /// Does not start before this moment.
    public let notBefore: Timestamp?
    /// Taken in by this very look: its bytes are not known to be on the disk yet (`settle`).
    public let isNew: Bool

    public init(id: JobID, request: JobRequest, createdAt: Timestamp, notBefore: Timestamp?, isNew: Bool = false) {
        (self.id, self.request, self.createdAt) = (id, request, createdAt)
        (self.notBefore, self.isNew) = (notBefore, isNew)
    }
}
