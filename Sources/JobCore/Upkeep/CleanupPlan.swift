/// What a cleanup would remove: the same for the command line, the HTTP API and the timer.
public struct CleanupPlan: Sendable, Equatable {
    /// A job that goes.
    public struct Job: Sendable, Equatable {
        public let id: JobID
        public let state: JobState
        public let size: TreeSize

        public init(id: JobID, state: JobState, size: TreeSize) { (self.id, self.state, self.size) = (id, state, size) }
    }

    /// Jobs of one state that go.
    public struct Share: Sendable, Equatable {
        public var jobs = 0
        public var size = TreeSize()

        public init() {}
    }

    /// So many ids are told in JSON; the counts tell of all.
    public static let toldLimit = 1000

    /// Nil where only leftovers are asked for.
    public let rule: CleanupRule?
    /// Jobs that go, those that lie in older day folders first.
    public private(set) var jobs: [Job] = []
    public private(set) var shares: [JobState: Share] = [:]
    /// Old enough, but somebody wants them, or a job needs them.
    public private(set) var kept = 0, needed = 0
    public var leftovers: [Leftover] = []

    public init(_ rule: CleanupRule?) { self.rule = rule }

    /// Notes the verdict on a job.
    ///
    /// - Parameter size: of all that goes with it.
    public mutating func note(_ verdict: CleanupRule.Verdict, on job: CleanupCandidate, size: TreeSize) {
        switch verdict {
        case .goes:
            jobs.append(Job(id: job.id, state: job.state, size: size))
            shares[job.state, default: Share()].jobs += 1
            shares[job.state, default: Share()].size += size
        case .kept: kept += 1
        case .needed: needed += 1
        case .young, .underWay: break
        }
    }

    /// Of all jobs that go.
    public var size: TreeSize { shares.values.reduce(into: TreeSize()) { $0 += $1.size } }

    /// Leftovers that go.
    public var removable: [Leftover] { leftovers.filter(\.isRemovable) }

    public var isEmpty: Bool { jobs.isEmpty && removable.isEmpty }

    /// - Parameter report: what was removed; nil for a plan alone.
    public func json(_ report: CleanupReport? = nil) -> JSONValue {
        var fields: [String: JSONValue] = [
            "v": 1, "executed": .bool(report != nil), "jobs": .integer(Int64(jobs.count)),
            "files": .integer(Int64(size.files)), "bytes": .integer(size.bytes), "kept": .integer(Int64(kept)),
            "needed": .integer(Int64(needed)),
            "job_ids": .array(jobs.prefix(Self.toldLimit).map { .string($0.id.text) }),
            "leftovers": .array(leftovers.prefix(Self.toldLimit).map(\.json)),
            "leftover_count": .integer(Int64(leftovers.count)),
        ]
        fields["days"] = rule.map { .integer(Int64($0.days)) } ?? .null
        fields["cutoff"] = rule.map { .string($0.cutoff.text) } ?? .null
        fields["by_state"] = .object(
            Dictionary(
                uniqueKeysWithValues: shares.map { state, share in
                    (
                        state.rawValue,
                        [
                            "jobs": .integer(Int64(share.jobs)), "files": .integer(Int64(share.size.files)),
                            "bytes": .integer(share.size.bytes),
                        ]
                    )
                }))
        if let report { fields.merge(report.fields) { _, new in new } }
        return .object(fields)
    }
}
