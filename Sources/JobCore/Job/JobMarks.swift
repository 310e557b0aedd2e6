/// What a person noted on a job: it says nothing of the work, so it may change at any time but while the job runs.
public struct JobMarks: Sendable, Equatable {
    /// Words of the person's own, at most 64.
    public var tags: [String]
    public var note: String?
    /// Cleanup leaves the job alone.
    public var isStarred: Bool

    public init(tags: [String] = [], note: String? = nil, isStarred: Bool = false) {
        (self.tags, self.note, self.isStarred) = (tags, note, isStarred)
    }

    public init(_ document: JobDocument) {
        self.init(fields: document.fields)
    }

    /// Reads what `fields` made; anything of another kind counts as nothing.
    public init(fields: [String: JSONValue]) {
        tags = (fields["tags"]?.array ?? []).compactMap(\.string)
        note = fields["note"]?.string
        isStarred = fields["starred"]?.bool ?? false
    }

    /// The members of a job's JSON.
    public var fields: [String: JSONValue] {
        [
            "tags": .array(tags.map { .string($0) }), "note": note.map { .string($0) } ?? .null,
            "starred": .bool(isStarred),
        ]
    }

    public var isEmpty: Bool { self == JobMarks() }

    /// The keys of a job file that these are.
    public static let keys: Set<JobDocument.Key> = [.tags, .note, .starred]

    /// Whether a patch names marks alone.
    public static func include(_ patch: [String: JSONValue]) -> Bool {
        patch.keys.allSatisfy { name in JobDocument.Key(rawValue: name).map { keys.contains($0) } ?? false }
    }

    /// - Throws: `invalid_job` with a JSON pointer.
    static func check(_ reader: FieldReader) throws(Failure) {
        _ = try reader.text("note", maximumBytes: 8 * 1024)
        _ = try reader.texts("tags", maximumCount: 64)
        _ = try reader.bool("starred")
    }
}

extension JobDocument {
    /// The document with a patch of marks alone laid over it, for a job that has ended.
    ///
    /// - Throws: `invalid_job` when the patch names anything else, or a mark is not what it must be.
    public func marked(with patch: [String: JSONValue]) throws(Failure) -> JobDocument {
        guard JobMarks.include(patch) else {
            let allowed = JobMarks.keys.map(\.rawValue).sorted().joined(separator: ", ")
            throw Failure(.invalidJob, "Of an ended job only \(allowed) can be changed.")
        }
        let result = try patched(with: patch)
        try JobMarks.check(FieldReader(fields: result.fields, pointer: ""))
        return result
    }
}
