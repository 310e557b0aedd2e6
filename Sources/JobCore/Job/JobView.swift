/// One job as a person or a client sees it: the answer of `show`, of `GET /jobs/{id}` and of a row of the index.
///
/// It is put together from the job file, its folder, and the record beside it; it decides nothing.
public struct JobView: Sendable, Equatable {
    public var id: JobID
    public var state: JobState
    /// The day folder in which its file lies; nil: in the folder of its state itself.
    public var day: Day?
    public var typeName: String
    /// 0…100; 100 exactly when done.
    public var progress: Int
    /// What the backend says it is doing, `""` when nothing is known.
    public var progressMessage: String
    public var prompt: String?
    /// The parameters as written.
    public var params: JSONValue
    public var priority: Int
    /// The number of the last attempt that was started, 0 before the first.
    public var attempt: Int
    public var createdAt: Timestamp
    /// The last move from folder to folder.
    public var updatedAt: Timestamp
    public var startedAt: Timestamp?, finishedAt: Timestamp?
    /// Last sign of life of the worker, running jobs only.
    public var heartbeatAt: Timestamp?
    /// A queued job waits for this moment.
    public var scheduledFor: Timestamp?
    public var artifacts: [Artifact]
    /// Where the artifacts can be opened on this machine, done jobs only.
    public var outputURLs: [String]
    /// What of it is in object storage, done jobs only; nil without such a storage.
    public var publication: Publication?
    public var remoteID: String?
    /// What it had running at providers, the oldest first.
    public var remoteRuns: [RemoteRecord] = []
    /// Why a run elsewhere shows no progress, while it shows none.
    public var remoteHint: RemoteHint?
    public var error: Failure?
    /// What the last attempt wanted people to know; ended jobs only.
    public var warnings: [String]
    /// What a person noted on it.
    public var marks = JobMarks()

    public init(id: JobID, state: JobState, typeName: String, createdAt: Timestamp, updatedAt: Timestamp) {
        (self.id, self.state, self.typeName) = (id, state, typeName)
        (self.createdAt, self.updatedAt) = (createdAt, updatedAt)
        (progress, progressMessage, params, priority, attempt) = (0, "", [:], 0, 0)
        (artifacts, outputURLs, warnings) = ([], [], [])
    }

    /// RUNNING with progress 0: why, where that is known; else `warming_gpu` after the threshold (the predecessor's
    /// rule).
    public func statusHint(at now: Timestamp, policy: Policy) -> String? {
        guard state == .running, progress == 0, let startedAt else { return nil }
        if let remoteHint { return remoteHint.rawValue }
        let elapsed = now.milliseconds - startedAt.milliseconds
        return elapsed > policy.coldStartThreshold.milliseconds ? "warming_gpu" : nil
    }

    /// Where the artifacts can be opened: in object storage where they are published, else on this machine.
    ///
    /// - Parameter storage: the set-up's; nil for none. Links may be signed, so they are made here and stored nowhere.
    public func links(through storage: StorageAccess?, at now: Timestamp) -> [String] {
        outputURLs.enumerated().map { index, url in
            guard let publication, index < artifacts.count else { return url }
            return publication.link(to: artifacts[index].name, through: storage, at: now) ?? url
        }
    }

    /// One sentence on where the job stands.
    public func statusMessage(at now: Timestamp, policy: Policy) -> String {
        if let hint = statusHint(at: now, policy: policy) {
            if remoteHint?.rawValue == hint, let remoteHint { return remoteHint.sentence }
            return "Warming GPU: the worker has started, no frame is done yet."
        }
        switch state {
        case .queued:
            if let scheduledFor, scheduledFor > now { return "Scheduled for \(scheduledFor.text)." }
            return "Waiting for a free slot."
        case .running: return progressMessage.isEmpty ? "Running." : progressMessage
        case .done: return publication?.complaint.map { "Done. \($0)" } ?? "Done."
        case .failed: return error?.message ?? "Failed."
        case .canceled: return "Canceled."
        }
    }

    /// The object of `--json` and of the HTTP API: the predecessor's keys first in importance, ours beside them.
    ///
    /// - Parameter storage: the set-up's object storage, for links to what lies there.
    public func json(at now: Timestamp, policy: Policy, storage: StorageAccess? = nil) -> JSONValue {
        func time(_ timestamp: Timestamp?) -> JSONValue { timestamp.map { .string($0.text) } ?? .null }
        let fields: [String: JSONValue] = [
            "v": 1, "job_id": .string(id.text), "type": .string(typeName), "status": .string(state.statusName),
            "state": .string(state.rawValue), "progress": .integer(Int64(progress)),
            "status_hint": statusHint(at: now, policy: policy).map { .string($0) } ?? .null,
            "status_message": .string(statusMessage(at: now, policy: policy)),
            "output_urls": .array(links(through: storage, at: now).map { .string($0) }),
            "publication": publication?.json ?? .null, "artifacts": .array(artifacts.map(\.json)),
            "error": error?.json ?? .null, "warnings": .array(warnings.map { .string($0) }), "params": params,
            "priority": .integer(Int64(priority)),
            "attempt": .integer(Int64(attempt)), "remote_id": remoteID.map { .string($0) } ?? .null,
            "remote_runs": .array(remoteRuns.map(\.json)),
            "created_at": time(createdAt), "updated_at": time(updatedAt), "started_at": time(startedAt),
            "finished_at": time(finishedAt), "heartbeat_at": time(heartbeatAt), "scheduled_for": time(scheduledFor),
        ]
        return .object(fields.merging(marks.fields) { known, _ in known })
    }
}
