public import JobCore

/// Removing jobs by age. Which go, `CleanupRule` says; how a job goes is a delete like any other, so a cleanup that is
/// killed leaves whole jobs and whole deletes, and one delete that the next start finishes.
///
/// Invariants:
/// 1. Every job is looked at again, under its lock, before it goes: since the plan was made it may have been starred or
///    run again.
/// 2. The rename into the trash starts from the very folder in which the job was judged.
extension SpoolFolder {
    /// What a cleanup by age would remove now. Reads the file of each ended job that is old enough; changes nothing.
    public func cleanupPlan(_ rule: CleanupRule) throws(FileError) -> CleanupPlan {
        var plan = CleanupPlan(rule)
        let needed = try neededJobs()
        for place in try endedPlaces() where place.day.map({ rule.mayReach($0) }) ?? true {
            for id in try ids(at: place).sorted() {
                guard let job = try candidate(id, at: place, needed) else { continue }
                let verdict = rule.verdict(on: job)
                plan.note(verdict, on: job, size: verdict == .goes ? try size(of: id, at: place) : TreeSize())
            }
        }
        return plan
    }

    /// Removes the jobs of a plan, one after the other.
    ///
    /// - Parameter onJob: told of each that went.
    public func execute(_ plan: CleanupPlan, onJob: (JobID) -> Void = { _ in }) throws(FileError) -> CleanupReport {
        var report = CleanupReport()
        guard let rule = plan.rule else { return report }
        var needed: Set<JobID> = []
        for (number, job) in plan.jobs.enumerated() {
            if number.isMultiple(of: Self.batch) { needed = try neededJobs() }
            do {
                switch try cleanUp(job.id, by: rule, needed) {
                case .deleted(let artifacts):
                    report.deletedJobs += 1
                    report.artifacts += artifacts
                    onJob(job.id)
                case .running, .missing: report.skipped += 1
                }
            } catch {
                report.noteFailure("\(job.id): \(error)")
            }
        }
        return report
    }

    /// After so many jobs it is looked again at what the queue needs.
    private static let batch = 200

    private func cleanUp(
        _ id: JobID, by rule: CleanupRule, _ needed: Set<JobID>
    ) throws(FileError) -> DeleteResult {
        try withBallast { () throws(FileError) in
            guard let place = try place(of: id) else { return .missing }
            let isNew = try files.status(SpoolLayout.record(id)) == nil ? try makeRecord(id) : false
            return try holding(id) { () throws(FileError) in
                guard let job = try candidate(id, at: place, needed), rule.verdict(on: job) == .goes else {
                    try leave(id, isNew: isNew)
                    return .missing
                }
                return try trash(id, at: place) ?? .missing
            } ?? .running
        }
    }

    /// What is known of a job at a place; nil when it is not there (any more), or does not read.
    private func candidate(
        _ id: JobID, at place: JobPlace, _ needed: Set<JobID>
    ) throws(FileError) -> CleanupCandidate? {
        guard let status = try files.status(SpoolLayout.token(id, at: place)),
            let document = try document(id, at: place)
        else { return nil }
        let own = document.outcome == place.state ? document.finishedAt : nil
        return CleanupCandidate(
            id: id, state: place.state, endedAt: own ?? Timestamp(milliseconds: status.changed / 1_000_000),
            isKept: document.isKept, isNeeded: needed.contains(id))
    }

    /// Every folder of ended jobs, the oldest days first.
    private func endedPlaces() throws(FileError) -> [JobPlace] {
        try dayFolders().reversed() + Self.endedStates.map { JobPlace($0) }
    }

    /// The jobs that those which wait or run name as needed.
    private func neededJobs() throws(FileError) -> Set<JobID> {
        var needed: Set<JobID> = []
        for state in [JobState.queued, .running] {
            for id in try ids(in: state) {
                guard let document = try document(id, in: state), let request = try? JobRequest(document) else {
                    continue
                }
                needed.formUnion(request.needs)
            }
        }
        return needed
    }

    /// All that a delete of the job frees.
    private func size(of id: JobID, at place: JobPlace) throws(FileError) -> TreeSize {
        var size = try size(of: SpoolLayout.record(id))
        size += try self.size(of: SpoolLayout.token(id, at: place))
        return size
    }

    /// How much lies at a path and below it; links count as themselves.
    func size(of path: String) throws(FileError) -> TreeSize {
        guard let status = try files.status(path) else { return TreeSize() }
        guard status.kind == .folder else { return TreeSize(files: 1, bytes: status.size) }
        var size = TreeSize()
        for entry in try files.list(path) { size += try self.size(of: "\(path)/\(entry.name)") }
        return size
    }
}
