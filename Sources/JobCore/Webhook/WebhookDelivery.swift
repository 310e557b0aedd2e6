/// One webhook on its way to one receiver: a file in `webhooks/`, from the moment on at which the event is known.
///
/// ```
///                    2xx
///   pending ────────────────▶ delivered
///      │ ▲  else: next try        │
///      │ └────────────────────────┤ replay
///      ├── the last try ──▶ failed┤
///      └── 410, not allowed ▶ disabled
/// ```
///
/// Invariants:
/// 1. Its `id`, `type` and `body` never change: every try sends the same bytes.
/// 2. It names no URL of the settings, only the key of one: those URLs are secrets.
public struct WebhookDelivery: Sendable, Equatable {
    /// Where it stands.
    public enum State: String, CaseIterable, Sendable { case pending, delivered, failed, disabled }

    public let id: WebhookID
    public let event: WebhookEvent
    public let createdAt: Timestamp
    /// What is sent, byte for byte.
    public let body: String
    /// The key of the endpoint, and what people may see of it.
    public let endpointKey: String, endpointShown: String
    /// The URL where a job named it itself; nil where the settings do.
    public let jobURL: String?
    /// The job it tells of.
    public let job: JobID?
    public private(set) var state: State
    /// How often it was tried since it was made, or since its replay.
    public private(set) var tries: Int
    /// When it is tried next; nil for never.
    public private(set) var nextAt: Timestamp?
    /// The last answer: its status, or why there was none.
    public private(set) var lastStatus: Int?
    public private(set) var lastError: String?
    public private(set) var endedAt: Timestamp?

    /// The largest body, in bytes: below what every receiver takes.
    public static let bodyLimit = 20_000

    public init(
        _ id: WebhookID, _ event: WebhookEvent, to endpoint: WebhookEndpoint, isOfJob: Bool, job: JobID?, body: String,
        at now: Timestamp
    ) {
        (self.id, self.event, self.job, self.body, createdAt) = (id, event, job, body, now)
        (endpointKey, endpointShown, jobURL) = (endpoint.key, endpoint.shown, isOfJob ? endpoint.url.text : nil)
        (state, tries, nextAt) = (.pending, 0, now)
    }

    /// What came of a try.
    ///
    /// - Parameter jitter: 0 up to 1; see `WebhookSchedule`.
    public mutating func note(_ answer: WebhookAnswer, at now: Timestamp, jitter: Double) {
        tries += 1
        (lastStatus, lastError) = (nil, nil)
        var asked: Duration?
        switch answer {
        case .status(let status, let retryAfter):
            (lastStatus, asked) = (status, retryAfter)
            if (200...299).contains(status) { return end(.delivered, at: now) }
            // The receiver wants nothing any more: https://www.standardwebhooks.com
            if status == 410 { return end(.disabled, at: now) }
        case .silence(let reason): lastError = String(Redaction.redacted(reason).prefix(300))
        case .notAllowed:
            lastError = "The settings do not list this address."
            return end(.disabled, at: now)
        }
        guard let pause = WebhookSchedule.pause(after: tries, asked: asked, jitter: jitter) else {
            return end(.failed, at: now)
        }
        nextAt = now.advanced(byMilliseconds: pause.milliseconds)
    }

    /// Its receiver has said of another delivery that it wants nothing any more.
    public mutating func disable(at now: Timestamp) {
        if state == .pending { end(.disabled, at: now) }
    }

    /// All tries anew, from now on.
    public mutating func replay(at now: Timestamp) {
        (state, tries, nextAt, endedAt) = (.pending, 0, now, nil)
    }

    private mutating func end(_ state: State, at now: Timestamp) {
        (self.state, nextAt, endedAt) = (state, nil, now)
    }
}

extension WebhookDelivery {
    /// The file.
    public var json: JSONValue {
        var fields = shown.object ?? [:]
        (fields["v"], fields["body"], fields["job_url"]) = (1, .string(body), jobURL.map { .string($0) })
        return .object(fields)
    }

    /// What clients see of it.
    public var shown: JSONValue {
        func time(_ timestamp: Timestamp?) -> JSONValue { timestamp.map { .string($0.text) } ?? .null }
        return [
            "id": .string(id.text), "type": .string(event.rawValue), "state": .string(state.rawValue),
            "endpoint": .string(endpointKey), "host": .string(endpointShown),
            "job_id": job.map { .string($0.text) } ?? .null, "tries": .integer(Int64(tries)),
            "created_at": time(createdAt), "next_at": time(nextAt), "ended_at": time(endedAt),
            "last_status": lastStatus.map { .integer(Int64($0)) } ?? .null,
            "last_error": lastError.map { .string($0) } ?? .null,
        ]
    }

    /// Reads what `json` wrote; nil for anything else.
    public init?(json: JSONValue) {
        guard let fields = json.object, let id = fields["id"]?.string.flatMap({ WebhookID($0) }),
            let event = fields["type"]?.string.flatMap(WebhookEvent.init(rawValue:)),
            let state = fields["state"]?.string.flatMap(State.init(rawValue:)),
            let body = fields["body"]?.string, let key = fields["endpoint"]?.string,
            let createdAt = fields["created_at"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        func time(_ name: String) -> Timestamp? { fields[name]?.string.flatMap { Timestamp($0) } }
        (self.id, self.event, self.state, self.body, self.createdAt) = (id, event, state, body, createdAt)
        (endpointKey, endpointShown) = (key, fields["host"]?.string ?? "")
        (jobURL, job) = (fields["job_url"]?.string, fields["job_id"]?.string.flatMap { JobID($0) })
        tries = fields["tries"]?.count ?? 0
        nextAt = state == .pending ? time("next_at") ?? createdAt : nil
        (lastStatus, lastError) = (fields["last_status"]?.count, fields["last_error"]?.string)
        endedAt = time("ended_at")
    }
}
