/// A run of a job at a provider that bills for it, as `run.json` keeps it: what must never be forgotten once money
/// may have been spent.
///
/// Invariants:
/// 1. `submitting` is on the disk before the request that may cost money leaves, and `id` before the first question
///    about the run.
/// 2. While the run is attachable nobody submits the work again: it is asked for, fetched, or looked for.
public struct RemoteRecord: Sendable, Equatable {
    /// How far the run came, as far as this machine knows.
    public enum State: String, Sendable, CaseIterable {
        /// The request is about to leave, or has left without an answer.
        case submitting
        /// Accepted: the provider has it, or its result.
        case running
        /// Its result lies in the attempt's folder, synced.
        case collected
        /// Over there, without a result: refused, failed, timed out, expired.
        case ended
        /// The provider confirmed that it runs no more after a cancel.
        case canceled
        /// Nobody can tell whether it ever ran.
        case unknown
    }

    /// A file of the result that is safe at home.
    public struct File: Sendable, Equatable {
        /// A plain name in the attempt's folder.
        public let name: String
        public let kind: Artifact.Kind
        public let bytes: Int64

        public init(name: String, kind: Artifact.Kind, bytes: Int64) {
            (self.name, self.kind, self.bytes) = (name, kind, bytes)
        }
    }

    /// The attempt that submitted it.
    public var attempt: Int
    /// `runpod`.
    public let provider: String
    /// Where it was submitted, `https://api.runpod.ai/v2/ENDPOINT_ID`: asked there also when the setting has changed.
    public let baseURL: String
    /// The provider's name of the run.
    public var id: String?
    public var state: State
    public let submittedAt: Timestamp
    /// SHA-256 of the input: the same work, or another.
    public let digest: String
    /// How long the provider keeps it from `submittedAt` on; 0 where nothing was agreed.
    public let timeToLive: Duration
    public var usage: RemoteUsage
    /// What was collected.
    public var files: [File]
    /// A person canceled it or asked for something else: whatever it makes is nobody's.
    public var isUnwanted: Bool

    public init(
        attempt: Int, provider: String = "runpod", baseURL: String, id: String? = nil, state: State = .submitting,
        submittedAt: Timestamp, digest: String, timeToLive: Duration = .zero, usage: RemoteUsage = RemoteUsage(),
        files: [File] = [], isUnwanted: Bool = false
    ) {
        (self.attempt, self.provider, self.baseURL, self.id) = (attempt, provider, baseURL, id)
        (self.state, self.submittedAt, self.digest, self.timeToLive) = (state, submittedAt, digest, timeToLive)
        (self.usage, self.files, self.isUnwanted) = (usage, files, isUnwanted)
    }

    /// Whether a later owner goes on with this run instead of starting another.
    public var isAttachable: Bool {
        switch state {
        case .submitting, .running, .collected: !isUnwanted
        case .ended, .canceled, .unknown: false
        }
    }

    /// Whether it may still cost money.
    public var mayBill: Bool { state == .submitting || state == .running }

    /// Whether both tell of one run, at different times.
    public func isSameRun(as other: RemoteRecord) -> Bool {
        other.submittedAt == submittedAt && other.attempt == attempt
    }

    /// The last part of the base URL.
    public var endpoint: String { baseURL.split(separator: "/").last.map(String.init) ?? "" }

    /// The form in `run.json` and in job files.
    public var json: JSONValue {
        var fields: [String: JSONValue] = [
            "attempt": .integer(Int64(attempt)), "provider": .string(provider), "endpoint": .string(endpoint),
            "base_url": .string(baseURL), "state": .string(state.rawValue), "submitted_at": .string(submittedAt.text),
            "input_sha256": .string(digest), "ttl_ms": .integer(timeToLive.milliseconds),
        ]
        fields["id"] = id.map { .string($0) }
        fields.merge(usage.fields) { first, _ in first }
        if isUnwanted { fields["unwanted"] = true }
        if !files.isEmpty {
            fields["files"] = .array(
                files.map {
                    ["name": .string($0.name), "kind": .string($0.kind.rawValue), "bytes": .integer($0.bytes)]
                })
        }
        return .object(fields)
    }

    /// Reads what `json` wrote; nil when the base URL or the state is missing.
    public init?(json: JSONValue) {
        guard let fields = json.object, let baseURL = fields["base_url"]?.string,
            let state = fields["state"]?.string.flatMap(State.init)
        else { return nil }
        self.init(
            attempt: fields["attempt"]?.count ?? 0, provider: fields["provider"]?.string ?? "runpod", baseURL: baseURL,
            id: fields["id"]?.string, state: state,
            submittedAt: fields["submitted_at"]?.string.flatMap { Timestamp($0) } ?? Timestamp(milliseconds: 0),
            digest: fields["input_sha256"]?.string ?? "",
            timeToLive: .milliseconds(Int64(fields["ttl_ms"]?.count ?? 0)), usage: RemoteUsage(fields: fields),
            files: (fields["files"]?.array ?? []).compactMap { entry in
                guard let file = entry.object, let name = file["name"]?.string, PlainName.isLegal(name),
                    let kind = file["kind"]?.string.flatMap(Artifact.Kind.init)
                else { return nil }
                return File(name: name, kind: kind, bytes: Int64(file["bytes"]?.count ?? 0))
            },
            isUnwanted: fields["unwanted"]?.bool ?? false)
    }
}
