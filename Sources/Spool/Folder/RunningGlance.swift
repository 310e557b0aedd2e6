public import JobCore

/// What can be seen of a running job without reading its record.
public struct RunningGlance: Sendable, Equatable {
    public let id: JobID
    /// When its owner last beat, by the file system's clock; only ever compared with an earlier look. 0 without a
    /// record.
    public let stamp: Int64
    /// Somebody alive holds its lock.
    public let isOwned: Bool
}
