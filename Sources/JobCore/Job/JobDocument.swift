/// A job file: what the user asked, and what happened, as one JSON object.
///
/// Invariants:
/// 1. There is no status key: the folder is the status, and a `status` that somebody wrote is ignored.
/// 2. Unknown keys survive every rewrite.
/// 3. `outcome`, `artifacts`, `warnings` and `error` mean something only in the folder that matches them.
/// 4. `rev` grows with every rewrite.
public struct JobDocument: Sendable, Equatable {
    /// The largest job file that is taken in, in bytes.
    public static let maximumBytes = 1 << 20
    /// The largest that is read, in bytes: our rewrites add keys, and write some numbers and characters longer.
    public static let maximumRewrittenBytes = 8 << 20

    /// Every key of the file.
    public private(set) var fields: [String: JSONValue]

    public init(_ fields: [String: JSONValue]) { self.fields = fields }

    /// Reads a job file.
    ///
    /// - Throws: `Unreadable.incomplete` when more bytes could make it right, else `.invalid`.
    public init(reading bytes: [UInt8]) throws(Unreadable) {
        guard bytes.count <= Self.maximumRewrittenBytes else {
            throw .invalid("the file has more than \(Self.maximumRewrittenBytes) bytes")
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(bytes)
        } catch {
            let text = "not JSON at line \(error.line), column \(error.column): \(error.reason)"
            throw error.isIncomplete ? .incomplete(text) : .invalid(text)
        }
        guard let fields = value.object else {
            throw .notAnObject("a job file is one JSON object (this is \(value.kindName))")
        }
        self.fields = fields
    }

    /// Why a file is no job file.
    public enum Unreadable: Error, Sendable, Equatable {
        /// The text ends too early: somebody may still be writing.
        case incomplete(String)
        /// Not JSON; only a rewrite could mend it.
        case invalid(String)
        /// Complete JSON, but not an object: nothing will mend it.
        case notAnObject(String)

        /// The reason for people.
        public var reason: String {
            switch self {
            case .incomplete(let text), .invalid(let text), .notAnObject(let text): text
            }
        }
    }

    /// The file's bytes: sorted keys, and pretty unless that alone makes a large file of them.
    public var bytes: [UInt8] {
        let pretty = JSONWriter.pretty(.object(fields))
        return pretty.count <= Self.maximumBytes ? pretty : Array(JSONWriter.compact(.object(fields)).utf8)
    }

    public subscript(key: Key) -> JSONValue? {
        get { fields[key.rawValue] }
        set { fields[key.rawValue] = newValue }
    }

    /// The keys with a meaning.
    public enum Key: String, CaseIterable, Sendable {
        // What the user asks.
        case type, params, priority, backend, profile, tags, note, needs, starred
        case jobID = "job_id"
        case notBefore = "not_before"
        case maxAttempts = "max_attempts"
        case webhookURL = "webhook_url"
        case idempotencyKey = "idempotency_key"
        /// What was asked together with the idempotency key, as a hash.
        case requestSHA256 = "request_sha256"
        /// Idempotency keys of retries, the newest last: `key`, `sha256` of the changes, `at`.
        case retries
        // What happened.
        case rev, attempt, outcome, progress, artifacts, error, errors, warnings
        case createdAt = "created_at"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case outputURLs = "output_urls"
        case remoteID = "remote_id"
        case remoteRuns = "remote_runs"
        case publication
        /// Outputs that lie elsewhere, as another program left them: shown beside the artifacts, never fetched.
        case externalURLs = "external_urls"
        /// The id that the predecessor had given.
        case migratedFrom = "migrated_from"
        /// Parameters of a migrated job that were no JSON object.
        case paramsText = "params_text"
        /// Set by a retry that wants nothing of what still runs elsewhere; the claim takes it out.
        case isAnew = "anew"
    }
}

/// What happened, with types.
extension JobDocument {
    /// Bumped at every rewrite; 0 for a file as dropped.
    public var rev: Int {
        get { self[.rev]?.count ?? 0 }
        set { self[.rev] = .integer(Int64(newValue)) }
    }

    /// The number of the last attempt that was started, 0 before the first.
    public var attempt: Int {
        get { self[.attempt]?.count ?? 0 }
        set { self[.attempt] = .integer(Int64(newValue)) }
    }

    /// The final state that the last rewrite prepared or recorded.
    public var outcome: JobState? {
        get { self[.outcome]?.string.flatMap(JobState.init(rawValue:)) }
        set { self[.outcome] = newValue.map { .string($0.rawValue) } }
    }

    public var error: Failure? {
        get { self[.error].flatMap(Failure.init(json:)) }
        set { self[.error] = newValue?.json }
    }

    public var artifacts: [Artifact] {
        get { (self[.artifacts]?.array ?? []).compactMap(Artifact.init(json:)) }
        set { self[.artifacts] = newValue.isEmpty ? nil : .array(newValue.map(\.json)) }
    }

    /// What the last attempt wanted people to know.
    public var warnings: [String] {
        get { WarningList((self[.warnings]?.array ?? []).compactMap(\.string)).texts }
        set { self[.warnings] = newValue.isEmpty ? nil : .array(newValue.map { .string($0) }) }
    }

    /// What the job had running at providers, the oldest first.
    public var remoteRuns: [RemoteRecord] {
        get { (self[.remoteRuns]?.array ?? []).compactMap { RemoteRecord(json: $0) } }
        set {
            self[.remoteRuns] = newValue.isEmpty ? nil : .array(newValue.map(\.json))
            self[.remoteID] = newValue.last?.id.map { .string($0) }
        }
    }

    /// What the job, whose id a file does not know for certain, has in object storage.
    public func publication(of id: JobID) -> Publication? {
        self[.publication].flatMap { Publication(json: $0, of: id) }
    }

    public var createdAt: Timestamp? {
        get { self[.createdAt]?.string.flatMap { Timestamp($0) } }
        set { self[.createdAt] = newValue.map { .string($0.text) } }
    }

    public var startedAt: Timestamp? {
        get { self[.startedAt]?.string.flatMap { Timestamp($0) } }
        set { self[.startedAt] = newValue.map { .string($0.text) } }
    }

    public var finishedAt: Timestamp? {
        get { self[.finishedAt]?.string.flatMap { Timestamp($0) } }
        set { self[.finishedAt] = newValue.map { .string($0.text) } }
    }

    /// The job's type as written, also when this version does not know it.
    public var typeName: String { self[.type]?.string ?? "" }

    /// The prompt, for names and lists.
    public var prompt: String? {
        let params = self[.params]?.object
        return params?["prompt"]?.string ?? params?["text"]?.string
    }

    /// Removes everything that tells of an ending, so that no reader finds an old outcome in a new life.
    public mutating func forgetOutcome() {
        let keys: [Key] = [
            .outcome, .artifacts, .error, .finishedAt, .outputURLs, .progress, .warnings, .remoteRuns, .remoteID,
            .publication,
        ]
        for key in keys { self[key] = nil }
    }

    /// Removes all that only the product writes: what comes from outside tells no history.
    public mutating func forgetHistory() {
        forgetOutcome()
        for key: Key in [
            .rev, .attempt, .errors, .createdAt, .startedAt, .isAnew, .requestSHA256, .retries,
        ] { self[key] = nil }
    }

    /// A hash of what is asked: equal for equal requests, however their JSON was written. Keys and times are no part.
    public var requestHash: String {
        var asked = self
        asked.forgetHistory()
        asked[.idempotencyKey] = nil
        return SHA256.hex(of: JSONWriter.compact(.object(asked.fields)).utf8)
    }
}
