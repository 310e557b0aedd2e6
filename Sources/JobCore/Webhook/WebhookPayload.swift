/// What webhooks tell: `{"type", "timestamp", "data"}`, ids and addresses, never a parameter of a job, never a secret.
public enum WebhookPayload {
    /// So many addresses of a job's files are told.
    static let urlLimit = 50

    /// How a job ended.
    ///
    /// - Parameter base: `http://127.0.0.1:8000`, where the job and its files can be had.
    public static func job(_ view: JobView, _ event: WebhookEvent, base: String) -> String {
        func time(_ timestamp: Timestamp?) -> JSONValue { timestamp.map { .string($0.text) } ?? .null }
        let address = "\(base)/jobs/\(view.id)"
        let error: JSONValue? = view.error.map {
            ["code": .string($0.code.rawValue), "retryable": .bool($0.isRetryable)]
        }
        var data: [String: JSONValue] = [
            "job_id": .string(view.id.text), "type": .string(String(view.typeName.prefix(40))),
            "status": .string(view.state.statusName), "attempt": .integer(Int64(view.attempt)), "url": .string(address),
            "created_at": time(view.createdAt), "started_at": time(view.startedAt),
            "finished_at": time(view.finishedAt), "error": error ?? .null,
        ]
        let urls = view.artifacts.prefix(urlLimit).map { "\(address)/artifacts/\(PercentEncoding.encoded($0.name))" }
        data["output_urls"] = .array(urls.map { .string($0) })
        let text = self.text(event, at: view.finishedAt ?? view.updatedAt, data)
        guard text.utf8.count >= WebhookDelivery.bodyLimit else { return text }
        // Names of files may be long; the job itself tells them all.
        data["output_urls"] = []
        return self.text(event, at: view.finishedAt ?? view.updatedAt, data)
    }

    /// The last job has ended.
    public static func idle(after job: JobID, at now: Timestamp, base: String) -> String {
        text(
            .queueIdle, at: now, ["last_job_id": .string(job.text), "url": .string("\(base)/jobs")])
    }

    /// The disk has too little room.
    public static func low(_ space: DiskSpace, minimum: Int64, at now: Timestamp, base: String) -> String {
        text(
            .storageLow, at: now,
            [
                "free_bytes": .integer(space.freeBytes), "total_bytes": .integer(space.totalBytes),
                "minimum_free_bytes": .integer(minimum), "url": .string("\(base)/storage"),
            ])
    }

    private static func text(_ event: WebhookEvent, at now: Timestamp, _ data: [String: JSONValue]) -> String {
        JSONWriter.compact([
            "type": .string(event.rawValue), "timestamp": .string(now.text), "data": .object(data),
        ])
    }
}
