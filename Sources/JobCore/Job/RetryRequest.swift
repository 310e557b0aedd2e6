/// A retry that was asked for with an idempotency key; it stands in the job file, so that the key is remembered like
/// the job itself.
public struct RetryRequest: Sendable, Equatable {
    public let key: String
    /// Of the changes, as compact JSON.
    public let sha256: String
    public let at: Timestamp

    /// A key is remembered for so long, and so many of a job.
    public static let lifetime = Duration.seconds(7 * 86_400), limit = 20

    public init(key: String, changes: [String: JSONValue], at now: Timestamp) {
        (self.key, at) = (key, now)
        sha256 = SHA256.hex(of: JSONWriter.compact(.object(changes)).utf8)
    }

    /// How this request relates to those that were carried out.
    public enum Relation: Sendable, Equatable { case new, replay, otherChanges }

    /// What to do with it.
    public func relation(to document: JobDocument) -> Relation {
        let known = Self.all(in: document).last { $0.key == key }
        guard let known, at.milliseconds - known.at.milliseconds < Self.lifetime.milliseconds else { return .new }
        return known.sha256 == sha256 ? .replay : .otherChanges
    }

    /// The document with this request remembered in it.
    public func noted(in document: JobDocument) -> JobDocument {
        var noted = document
        let all = (Self.all(in: document).filter { $0.key != key } + [self]).suffix(Self.limit)
        noted[.retries] = .array(
            all.map { ["key": .string($0.key), "sha256": .string($0.sha256), "at": .string($0.at.text)] })
        return noted
    }

    private static func all(in document: JobDocument) -> [RetryRequest] {
        (document[.retries]?.array ?? []).compactMap { value in
            guard let fields = value.object, let key = fields["key"]?.string, let sha256 = fields["sha256"]?.string,
                let at = fields["at"]?.string.flatMap({ Timestamp($0) })
            else { return nil }
            return RetryRequest(key: key, sha256: sha256, at: at)
        }
    }

    private init(key: String, sha256: String, at: Timestamp) { (self.key, self.sha256, self.at) = (key, sha256, at) }
}
