/// What a job file asks for, after every known key was checked.
public struct JobRequest: Sendable, Equatable {
    /// What to make, with the parameters that type needs.
    public enum Work: Sendable, Equatable {
        case generate(JobType, JobParameters)
        case noop(NoopParameters)
        case export(Timeline)
    }

    public let type: JobType
    public let work: Work
    /// -100…100, higher first; default 0.
    public let priority: Int
    /// Not before this moment; nil: as soon as possible.
    public let notBefore: Timestamp?
    /// The lane the user insists on, nil for the set-up's own choice.
    public let lane: Lane?
    /// How many attempts a retryable failure may use up, 1…20; default 3.
    public let maximumAttempts: Int
    /// Ids of jobs that must be done first.
    public let needs: [JobID]
    /// The id the user chose, nil to let the file's name decide.
    public let chosenID: JobID?
    /// The backend's profile, nil for the set-up's own choice.
    public let profile: String?
    /// Whether what it makes tells how it was made (`/params/embed_recipe`); never for jobs that make no film.
    public let embedsRecipe: Bool

    /// - Throws: `invalid_job` with a JSON pointer to the first offender.
    public init(_ document: JobDocument) throws(Failure) {
        let reader = FieldReader(fields: document.fields, pointer: "")
        guard let typeName = try reader.text("type") else {
            throw reader.failure("type", "is missing; one of \(Self.typeNames)")
        }
        guard let type = JobType(rawValue: typeName) else {
            throw reader.failure("type", "must be one of \(Self.typeNames) (is \"\(typeName.prefix(40))\")")
        }
        self.type = type
        let params = try reader.object("params")
        work = try Self.work(type, params)
        embedsRecipe = type == .noop ? false : try params.bool("embed_recipe") ?? true
        priority = try reader.integer("priority", in: -100...100) ?? 0
        notBefore = try reader.time("not_before")
        maximumAttempts = try reader.integer("max_attempts", in: 1...20) ?? 3
        lane = try Self.lane(reader)
        needs = try Self.needs(reader, for: work)
        chosenID = try Self.chosenID(reader)
        profile = try reader.text("profile", maximumBytes: 64)
        _ = try reader.text("webhook_url", maximumBytes: 2048)
        _ = try reader.text("idempotency_key", maximumBytes: 255)
        try JobMarks.check(reader)
    }

    private static var typeNames: String { JobType.allCases.map(\.rawValue).joined(separator: ", ") }

    private static func work(_ type: JobType, _ params: FieldReader) throws(Failure) -> Work {
        switch type {
        case .noop: return .noop(try NoopParameters(params))
        case .export: return .export(try Timeline(params))
        case .render, .imageToVideo, .speech, .lipSync, .trainTwin:
            let parameters = try JobParameters(params)
            if type == .render, isBlank(parameters.prompt) { throw params.failure("prompt", "is missing") }
            if type == .imageToVideo, parameters.image == nil { throw params.failure("image", "is missing") }
            if type == .speech, isBlank(parameters.text ?? parameters.prompt) {
                throw params.failure("text", "is missing")
            }
            if type == .lipSync, parameters.audio == nil { throw params.failure("audio", "is missing") }
            return .generate(type, parameters)
        }
    }

    private static func isBlank(_ text: String?) -> Bool { text?.allSatisfy(\.isWhitespace) ?? true }

    private static func lane(_ reader: FieldReader) throws(Failure) -> Lane? {
        guard let name = try reader.text("backend", maximumBytes: 64) else { return nil }
        guard let lane = Lane(rawValue: name) else {
            let names = Lane.allCases.map(\.rawValue).joined(separator: ", ")
            throw reader.failure("backend", "must be one of \(names) (is \"\(name)\")")
        }
        return lane
    }

    /// The ids named in `needs`, then those whose films the timeline uses.
    private static func needs(_ reader: FieldReader, for work: Work) throws(Failure) -> [JobID] {
        var ids: [JobID] = []
        for (index, text) in try reader.texts("needs", maximumCount: 256).enumerated() {
            guard let id = JobID(text) else { throw reader.failure("needs", "has no legal job id at index \(index)") }
            ids.append(id)
        }
        if case .export(let timeline) = work { ids += timeline.neededJobs.filter { !ids.contains($0) } }
        return ids
    }

    private static func chosenID(_ reader: FieldReader) throws(Failure) -> JobID? {
        guard let text = try reader.text("job_id", maximumBytes: 4096) else { return nil }
        guard let id = JobID(text) else {
            throw reader.failure(
                "job_id", "must be 1 to \(JobID.maximumLength) of a-z 0-9 . _ -, beginning with a letter or digit")
        }
        return id
    }
}

extension JobRequest {
    /// The seed to use where the user named none: the same for every attempt, another for every job.
    public static func resolvedSeed(for id: JobID) -> Int { Int(StableHash.of(id.text) >> 33) }
}
