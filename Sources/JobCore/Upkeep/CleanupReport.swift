/// What a cleanup has removed.
public struct CleanupReport: Sendable, Equatable {
    public var deletedJobs = 0, artifacts = 0
    public var deletedLeftovers = 0
    /// Jobs and leftovers that are there no more, or are wanted since the plan was made.
    public var skipped = 0
    /// What could not be removed: the path or id, and why; at most `toldLimit`.
    public private(set) var failures: [String] = []
    /// How many could not be removed.
    public private(set) var failureCount = 0

    /// So many failures are told one by one.
    public static let toldLimit = 20

    public init() {}

    /// Notes what could not be removed, and why.
    public mutating func noteFailure(_ text: String) {
        failureCount += 1
        if failures.count < Self.toldLimit { failures.append(text) }
    }

    var fields: [String: JSONValue] {
        [
            "deleted_jobs": .integer(Int64(deletedJobs)), "artifacts_cleaned": .integer(Int64(artifacts)),
            "deleted_leftovers": .integer(Int64(deletedLeftovers)), "skipped": .integer(Int64(skipped)),
            "failed": .integer(Int64(failureCount)), "failures": .array(failures.map { .string($0) }),
        ]
    }
}
