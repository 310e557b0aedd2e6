public import JobCore

/// Looking a spool over, job by job, and mending what can be mended without asking.
///
/// What a job should be like, `Reconcile` says: a job is whole when its plan is empty. A job that somebody holds is
/// left alone.
extension SpoolFolder {
    /// How thorough a look is.
    public struct Examination: Sendable {
        public var policy: Policy
        /// Reads every artifact and compares its SHA-256.
        public var isDeep: Bool
        /// Mends what is safe to mend.
        public var isRepairing: Bool
        /// While it mends, also takes away records that have lost their job files.
        public var isDeletingLost: Bool

        public init(
            policy: Policy, isDeep: Bool = false, isRepairing: Bool = false, isDeletingLost: Bool = false
        ) {
            (self.policy, self.isDeep, self.isRepairing) = (policy, isDeep, isRepairing)
            self.isDeletingLost = isDeletingLost
        }
    }

    /// Looks at every job.
    ///
    /// - Parameters:
    ///   - stopProcesses: as for `repair`, with the job.
    ///   - onFinding: told of what is wrong, one by one.
    /// - Returns: how many jobs there are.
    public func examineJobs(
        _ examination: Examination, stopProcesses: (JobID, RunRecord) -> Void, onFinding: (Finding) -> Void
    ) throws(FileError) -> Int {
        let places = try places()
        for (id, found) in places.sorted(by: { $0.key < $1.key }) {
            if let finding = try wholeness(id, found, examination, stopProcesses) { onFinding(finding) }
            guard let place = try place(of: id), place.state.isFinal, let document = try document(id, at: place) else {
                continue
            }
            try examineEnding(id, at: place, document, examination, onFinding)
        }
        return places.count
    }

    /// Whether a job is whole, and what is done about it where it is not.
    private func wholeness(
        _ id: JobID, _ places: [JobPlace], _ examination: Examination, _ stopProcesses: (JobID, RunRecord) -> Void
    ) throws(FileError) -> Finding? {
        // Dropped, and nobody has looked at it yet: the daemon makes its record.
        guard try files.status(SpoolLayout.beat(id)) != nil else {
            guard places != [.queued], try state(of: id) != nil else { return nil }
            return try mended(id, places, examination, stopProcesses, "has no record")
        }
        let steps = try holding(id) { () throws(FileError) in
            Reconcile.plan(try evidence(id, known: places), policy: examination.policy)
        }
        guard let steps, !steps.isEmpty else { return nil }
        let what = places.count > 1 ? "lies in \(places.map(\.description).joined(separator: " and "))" : "is half-way"
        let told = steps.map { "\($0)".prefix { $0 != "(" } }.joined(separator: ", ")
        if try state(of: id) == .running, !examination.isRepairing {
            return Finding(
                .jobs, .warning, "\(id) is in running/ and nobody works on it", fix: "kinospool serve takes it up",
                job: id, isRepairable: true)
        }
        return try mended(id, places, examination, stopProcesses, "\(what) (\(told))")
    }

    private func mended(
        _ id: JobID, _ places: [JobPlace], _ examination: Examination, _ stopProcesses: (JobID, RunRecord) -> Void,
        _ text: String
    ) throws(FileError) -> Finding {
        guard examination.isRepairing else {
            return Finding(
                .jobs, .problem, "\(id) \(text)", fix: Finding.repairCommand, job: id, isRepairable: true)
        }
        let steps = try repair(id, policy: examination.policy, known: places) { stopProcesses(id, $0) }
        return Finding(.jobs, .ok, "\(id) \(text): mended in \(steps.count) steps", job: id)
    }

    private func examineEnding(
        _ id: JobID, at place: JobPlace, _ document: JobDocument, _ examination: Examination,
        _ onFinding: (Finding) -> Void
    ) throws(FileError) {
        // A file that a person moved tells of no ending of this state.
        guard document.outcome == place.state else { return }
        switch place.state {
        case .done:
            for artifact in document.artifacts {
                let path = "\(SpoolLayout.scratch(id, attempt: document.attempt))/\(artifact.name)"
                // Deleted or retried while we looked: nothing is wrong with it.
                guard let flaw = try flaw(of: artifact, at: path, isDeep: examination.isDeep),
                    try self.place(of: id) == place
                else { continue }
                onFinding(
                    Finding(
                        .artifacts, .problem, "\(path) \(flaw)",
                        fix: "bring it back from a backup, or make it again: kinospool retry \(id)", job: id))
            }
        case .failed where document.error == nil:
            onFinding(
                Finding(.endings, .warning, "\(id) failed and does not say why", fix: "kinospool logs \(id)", job: id))
        case .failed, .canceled, .queued, .running: break
        }
    }

    private func flaw(of artifact: Artifact, at path: String, isDeep: Bool) throws(FileError) -> String? {
        guard let status = try files.status(path), status.kind == .file else { return "is missing" }
        guard status.size == artifact.bytes else { return "has \(status.size) bytes, not \(artifact.bytes)" }
        guard isDeep, !artifact.sha256.isEmpty else { return nil }
        return try files.digest(path).sha256 == artifact.sha256 ? nil : "is not what was made: its SHA-256 is another"
    }

    /// Job files, logs and reasons in which a secret stands, by path.
    public func filesWithSecrets() throws(FileError) -> [String] {
        var paths: [String] = []
        for (id, places) in try places() {
            paths += places.map { SpoolLayout.token(id, at: $0) } + [SpoolLayout.log(id)]
        }
        for entry in try files.list(SpoolLayout.quarantine) where entry.name.hasSuffix(".why.json") {
            paths.append("\(SpoolLayout.quarantine)/\(entry.name)")
        }
        var found: [String] = []
        for path in paths.sorted() {
            guard let bytes = try bytes(at: path, limit: 64 << 20) else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            if Redaction.redacted(text) != text { found.append(path) }
        }
        return found
    }

    /// Folders of the spool that others than its owner may look into or write to.
    public func openFolders() throws(FileError) -> [String] {
        var found: [String] = []
        // Others see what lies below a folder that they may enter, so the spool's own decides.
        if let status = try files.status("."), status.permissions & 0o007 != 0 { found.append(root) }
        for folder in SpoolLayout.folders {
            if let status = try files.status(folder), status.permissions & 0o002 != 0 { found.append(folder) }
        }
        return found
    }

    /// Jobs whose files carry times beyond the next 30 days, and that nobody scheduled.
    public func jobsOfTheFuture() throws(FileError) -> [JobID] {
        let limit = now().advanced(byMilliseconds: 30 * 86_400_000).milliseconds
        var found: [JobID] = []
        for (id, places) in try places() {
            guard let place = places.first,
                let status = try files.status(SpoolLayout.token(id, at: place)),
                status.modified / 1_000_000 > limit, try document(id, at: place)?[.notBefore] == nil
            else { continue }
            found.append(id)
        }
        return found.sorted()
    }
}
