/// A job of the predecessor as a job of the spool: what is to be written, before anything is.
///
/// Invariants:
/// 1. The same row makes the same job, id included: migrating twice finds everything there.
/// 2. Work that may have been paid for and may still go on is never queued again: it gets an owner, or an ending.
public struct MigratedJob: Sendable, Equatable {
    public let id: JobID
    public let state: JobState
    /// What its file says, but for artifacts: those are known when they were copied.
    public let document: JobDocument
    public let outputs: [OldOutput]
    /// Its run at RunPod, to be gone on with.
    public let remote: RemoteRecord?
    /// What of it could not be taken over as it was, in sentences.
    public let problems: [String]

    /// - Parameters:
    ///   - runpod: where its run is looked for; nil where RunPod is not set up.
    ///   - now: where the row tells no time.
    public init(_ old: OldJob, runpod: RunPodSettings, at now: Timestamp) {
        let oldID = old["job_id"] ?? ""
        id = Self.id(for: oldID)
        var problems: [String] = []
        var document = JobDocument([:])
        document[.migratedFrom] = .string(oldID)
        document[.jobID] = .string(id.text)
        document[.type] = .string((old["type"] ?? "").uppercased())
        if let params = old.params {
            document[.params] = .object(params)
        } else {
            document[.params] = [:]
            document[.paramsText] = .string(String((old["params"] ?? "").prefix(Self.textLimit)))
            problems.append("its params are no JSON object; they are kept as params_text")
        }
        let createdAt = old.time("created_at") ?? old.time("updated_at")
        if createdAt == nil { problems.append("it does not say when it was made") }
        document.createdAt = createdAt ?? now
        var state = old.status
        var failure = old.failure
        var remote: RemoteRecord?
        if state == nil {
            failure = Failure(.internalError, "The predecessor's status was \(old["status"] ?? "empty").")
            problems.append("its status \(old["status"] ?? "") is not known; it becomes failed")
        }
        if state == .running {
            switch Self.goesOn(old, type: document.typeName, runpod: runpod, created: createdAt ?? now) {
            case .success(let record):
                do {
                    // Whoever goes on with it has to understand the job.
                    _ = try JobRequest(document)
                    remote = record
                } catch {
                    (state, failure) = (nil, error)
                }
            case .failure(let why): (state, failure) = (nil, why)
            }
        }
        outputs = state == .done ? Self.outputs(old) : []
        self.remote = remote
        self.state = state ?? .failed
        document.rev = 1
        switch self.state {
        case .queued: break
        case .running:
            document.rev = 2
            document.attempt = 1
            document.startedAt = old.time("started_at") ?? createdAt ?? now
        case .done, .failed, .canceled:
            Self.end(&document, self.state, old, failure, at: createdAt ?? now)
        }
        let external = outputs.compactMap { output in if case .url(let url) = output { url } else { nil } }
        if !external.isEmpty { document[.externalURLs] = .array(external.map { .string($0) }) }
        for case .refused(let text) in outputs {
            problems.append("its output \(text.prefix(200)) names no film, picture or sound; it is not copied")
        }
        self.document = document
        self.problems = problems
    }

    /// So much is kept of parameters that do not read.
    private static let textLimit = 100_000

    private static func end(
        _ document: inout JobDocument, _ state: JobState, _ old: OldJob, _ failure: Failure, at fallback: Timestamp
    ) {
        document.rev = 2
        document.outcome = state
        document.startedAt = old.time("started_at")
        document.finishedAt = old.time("finished_at") ?? old.time("updated_at") ?? fallback
        switch state {
        case .done:
            document.attempt = 1
            document[.progress] = 100
        case .failed: document.error = failure
        case .canceled:
            document.error = Failure(.userCanceled, old["error_message"] ?? "The job was canceled.")
        case .queued, .running: break
        }
    }

    private static func outputs(_ old: OldJob) -> [OldOutput] {
        var taken: Set<String> = []
        return old.outputs.map { text in
            let output = OldOutput(text, taken: taken)
            if case .file(_, let name) = output { taken.insert(name) }
            return output
        }
    }

    /// The id itself where it is one of ours, else one that resembles it, always the same.
    static func id(for old: String) -> JobID {
        JobID(old) ?? JobID(resembling: old, random: UInt32(truncatingIfNeeded: StableHash.of(old)))
    }

    /// The run at RunPod that a running job had, or why it cannot be gone on with.
    private static func goesOn(
        _ old: OldJob, type: String, runpod: RunPodSettings, created: Timestamp
    ) -> Result<RemoteRecord, Failure> {
        guard let run = old["runpod_job_id"] else {
            return .failure(
                Failure(.workerTimeout, "The job was running when the predecessor was left, and no run is known."))
        }
        guard runpod.key != nil, let type = JobType(rawValue: type), let endpoint = runpod.endpoints[type],
            run.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }), run.count <= 200
        else {
            return .failure(
                Failure(
                    .configError, "The job was running at RunPod as \(run.prefix(200)), which is not set up here.",
                    hint: "Look at it in RunPod's console; set RUNPOD_API_KEY and RUNPOD_ENDPOINT before you migrate."
                ))
        }
        return .success(
            RemoteRecord(
                attempt: 1, baseURL: endpoint.baseURL, id: run, state: .running,
                submittedAt: old.time("started_at") ?? created, digest: ""))
    }
}
