/// What a migration brings, or has brought.
public struct MigrationPlan: Sendable, Equatable {
    /// Jobs that are new to the spool, by the state they get.
    public private(set) var jobs: [JobState: Int] = [:]
    /// Jobs that are in the spool already.
    public private(set) var present = 0
    /// Running jobs whose runs at RunPod are gone on with.
    public private(set) var attached = 0
    /// Files to be copied, and how many of them are not there.
    public private(set) var files = 0, missingFiles = 0
    /// Outputs that lie elsewhere and are kept as URLs.
    public private(set) var urls = 0
    /// What could not be taken over as it was: the job's id and a sentence; the first `toldLimit`.
    public private(set) var problems: [String] = []
    public private(set) var problemCount = 0
    /// Jobs that could not be written; they are tried again by the next run.
    public private(set) var failed = 0

    /// So many problems are told one by one.
    public static let toldLimit = 100

    public init() {}

    public var newCount: Int { jobs.values.reduce(0, +) }

    /// Notes a job that is there already.
    public mutating func notePresent() { present += 1 }

    /// Notes a job that is new.
    ///
    /// - Parameter isThere: whether a file that is to be copied is there.
    public mutating func note(_ job: MigratedJob, isThere: (String) -> Bool) {
        jobs[job.state, default: 0] += 1
        if job.remote != nil { attached += 1 }
        for problem in job.problems { noteProblem("\(job.id): \(problem)") }
        for output in job.outputs {
            switch output {
            case .file(let path, _):
                files += 1
                guard !isThere(path) else { continue }
                missingFiles += 1
                noteProblem("\(job.id): its file \(path) is not there")
            case .url: urls += 1
            case .refused: break
            }
        }
    }

    /// Notes a job that could not be written.
    public mutating func noteFailure(of id: JobID, _ reason: String) {
        failed += 1
        noteProblem("\(id): \(reason)")
    }

    private mutating func noteProblem(_ text: String) {
        problemCount += 1
        if problems.count < Self.toldLimit { problems.append(text) }
    }

    /// - Parameter isExecuted: false for a plan alone.
    public func json(isExecuted: Bool) -> JSONValue {
        let states = JobState.allCases.map { ($0.rawValue, JSONValue.integer(Int64(jobs[$0] ?? 0))) }
        return [
            "v": 1, "executed": .bool(isExecuted), "jobs": .integer(Int64(newCount)),
            "by_state": .object(Dictionary(uniqueKeysWithValues: states)), "present": .integer(Int64(present)),
            "attached": .integer(Int64(attached)), "files": .integer(Int64(files)),
            "missing_files": .integer(Int64(missingFiles)), "urls": .integer(Int64(urls)),
            "failed": .integer(Int64(failed)), "problem_count": .integer(Int64(problemCount)),
            "problems": .array(problems.map { .string($0) }),
        ]
    }
}
