public import JobCore

/// The index can no longer be trusted: its file is gone, replaced, or damaged.
///
/// Nothing is lost, for the index is derived. Its owner calls `reopen()` and fills it again from the job files.
public struct IndexDamaged: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was found, as an `internal_error` for people.
    public let failure: Failure

    init(_ path: String, _ reason: String) {
        failure = Failure(
            .internalError, "The index \(path) cannot be used: \(reason).",
            hint: "It is derived from the job files; build it again: kinospool reindex.")
    }

    public var description: String { failure.description }
}
