import Backends
public import JobCore
public import Logging
public import Spool

/// Brings the jobs of a copy into a spool, whether that is new or has jobs of its own, also beside a daemon.
///
/// The copy is fetched into `restore/`, made whole there, and emptied job by job. Who is killed leaves that folder: the
/// same command goes on with it.
public struct SpoolRestore: Sendable {
    /// What came of it.
    public struct Report: Sendable, Equatable {
        /// Jobs that came, by state.
        public var restored: [JobState: Int] = [:]
        /// Jobs that the spool has already; they are as they were.
        public var kept = 0
        /// Jobs of which the copy has no file that reads.
        public var missing = 0
        /// What is wrong with jobs that came: the first 100.
        public var problems: [String] = []
        /// What costs money waits for `kinospool resume`.
        public var isPaused = false

        public init() {}

        public var count: Int { restored.values.reduce(0, +) }
    }

    private static let toldLimit = 100

    private let folder: SpoolFolder
    private let policy: Policy
    private let logger: Logger

    public init(folder: SpoolFolder, policy: Policy, logger: Logger) {
        (self.folder, self.policy, self.logger) = (folder, policy, logger)
    }

    /// - Parameter source: a folder, or `host:folder`.
    /// - Throws: `config_error` when the source is no spool, or another restore is under way; as `Rsync.copy`.
    public func run(from source: String) async throws -> Report {
        let folder = folder
        guard let lock = try await BlockingWork.run({ try folder.lockForRestore() }) else {
            throw Failure(.configError, "Another restore of this spool is under way.", hint: "Wait until it has ended.")
        }
        defer { lock.release() }
        // A link in somebody's copy could lead the spool's own files elsewhere; those to films are made anew.
        let options = ["-a", "--no-links", "--no-devices", "--no-specials"] + SpoolBackup.excluded
        try await Rsync(in: folder.root).copy(options, from: source, to: folder.absolute(SpoolLayout.staging))
        let copy = try await BlockingWork.run { try folder.staging() }
        let recovery = Recovery(folder: copy, policy: policy, logger: logger)
        try await recovery.recoverCopy()
        let policy = policy
        return try await BlockingWork.run { try Self.take(from: copy, into: folder, policy: policy) }
    }

    /// Whether the original may still do what these jobs would do here: work on them, or keep objects that one of them
    /// had under way when it was copied.
    private static func isDoubtful(_ ids: [JobID], _ copy: SpoolFolder, _ folder: SpoolFolder) throws -> Bool {
        guard try copy.storageEntries().isEmpty else { return true }
        return try ids.contains { id in
            guard let state = try copy.state(of: id), !state.isFinal else { return false }
            return try folder.state(of: id) == nil
        }
    }

    private static func take(from copy: SpoolFolder, into folder: SpoolFolder, policy: Policy) throws -> Report {
        var report = Report()
        _ = try copy.examineJobs(SpoolFolder.Examination(policy: policy), stopProcesses: { _, _ in }) { finding in
            guard finding.check == .artifacts, report.problems.count < toldLimit else { return }
            report.problems.append(finding.message)
        }
        let ids = try copy.allIDs()
        if try isDoubtful(ids, copy, folder) {
            try folder.pausePaidLanes()
            report.isPaused = true
        }
        for id in ids {
            switch try folder.restore(id, from: copy) {
            case .restored(let state): report.restored[state, default: 0] += 1
            case .kept: report.kept += 1
            case .missing: report.missing += 1
            }
        }
        try folder.restoreStorageEntries(from: copy)
        try folder.removeStaging()
        return report
    }
}
