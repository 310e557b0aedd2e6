/// How one key of a worker's input comes about.
///
/// ```json
/// "length": { "from": "num_frames", "as": "integer", "multiple": 4, "plus": 1, "maximum": 121, "default": 81 }
/// ```
public struct ProfileRule: Sendable, Equatable {
    /// What kind of value the worker wants.
    public enum Kind: String, Sendable, CaseIterable { case any, integer, number, text, template }

    /// A parameter of the job, or what follows from several (`resolution_preset`); nil where a format does it.
    public let source: String?
    public let kind: Kind
    /// Parameters in braces: `{width}*{height}`.
    public let format: String?
    /// Where nothing is asked; nil leaves the key out.
    public let defaultValue: JSONValue?
    /// Types that cannot go without it.
    public let requiredFor: Set<JobType>
    /// Rounded to the nearest of k · multiple + plus.
    public let multiple: Int?, plus: Int
    public let minimum: Double?, maximum: Double?
    public let choices: [JSONValue]
    public let transport: ProfileTransport?
    /// Where addresses go instead, nil for the same key.
    public let urlKey: String?
    /// One value where the source is there, another where it is not.
    public let thenValue: JSONValue?, elseValue: JSONValue?

    private static let keys: Set<String> = [
        "from", "as", "format", "default", "required", "multiple", "plus", "minimum", "maximum", "choices", "transport",
        "url_key", "then", "else",
    ]

    init(_ reader: FieldReader) throws(Failure) {
        for key in reader.fields.keys.sorted() where !Self.keys.contains(key) {
            throw reader.failure(key, "is no part of a rule; one of \(Self.keys.sorted().joined(separator: ", "))")
        }
        source = try reader.text("from", maximumBytes: 64)
        kind = try reader.word("as", Kind.self) ?? .any
        format = try reader.text("format", maximumBytes: 256)
        defaultValue = reader.present("default")
        requiredFor = try Self.required(reader)
        multiple = try reader.integer("multiple", in: 1...1024)
        plus = try reader.integer("plus", in: 0...1024) ?? 0
        minimum = try reader.number("minimum", in: -1e9...1e9)
        maximum = try reader.number("maximum", in: -1e9...1e9)
        choices = reader.present("choices")?.array ?? []
        transport = try reader.word("transport", ProfileTransport.self)
        urlKey = try reader.text("url_key", maximumBytes: 64)
        (thenValue, elseValue) = (reader.present("then"), reader.present("else"))
        guard source != nil || format != nil || defaultValue != nil else {
            throw reader.failure("from", "is missing, and so are format and default")
        }
        if transport != nil, !WorkerProfile.mediaNames.contains(source ?? "") {
            throw reader.failure("transport", "suits files alone: \(WorkerProfile.mediaNames.joined(separator: ", "))")
        }
    }

    /// `true`, or the types that cannot go without it.
    private static func required(_ reader: FieldReader) throws(Failure) -> Set<JobType> {
        guard let value = reader.present("required") else { return [] }
        if let flag = value.bool { return flag ? Set(JobType.allCases) : [] }
        return try WorkerProfile.types(reader, "required")
    }
}
