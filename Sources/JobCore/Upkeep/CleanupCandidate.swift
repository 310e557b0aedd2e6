/// What cleanup has to know of a job.
public struct CleanupCandidate: Sendable, Equatable {
    public var id: JobID
    public var state: JobState
    /// As its file says; the file's own time where a person moved it and it does not say.
    public var endedAt: Timestamp
    /// It is starred, or tagged to be kept.
    public var isKept: Bool
    /// A job that waits or runs needs it.
    public var isNeeded: Bool

    public init(id: JobID, state: JobState, endedAt: Timestamp, isKept: Bool = false, isNeeded: Bool = false) {
        (self.id, self.state, self.endedAt, self.isKept, self.isNeeded) = (id, state, endedAt, isKept, isNeeded)
    }
}
