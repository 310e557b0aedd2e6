/// How jobs become the input of one kind of worker: data, so that a new worker needs no new program.
///
/// The form: [runpod.md](../../../../Documentation/runpod.md#profiles). Checked as it is read, with a JSON pointer to
/// what is wrong, so that no job is paid for because of a slip in a profile.
public struct WorkerProfile: Sendable, Equatable {
    /// Parameters that are files.
    public static let mediaNames = ["image", "end_image", "audio", "video"]
    /// The largest profile that is read, in bytes.
    public static let maximumBytes = 1 << 20

    public let name: String
    /// One line for people.
    public let summary: String
    /// What it can make; never empty.
    public let types: Set<JobType>
    /// Every parameter as it was written, before the rules.
    public let passesThrough: Bool
    /// Frames a second of the worker, to make frames of seconds.
    public let framesPerSecond: Double
    public let constants: [String: JSONValue]
    public let rules: [String: ProfileRule]

    private static let keys: Set<String> = [
        "summary", "types", "passthrough", "frames_per_second", "constants", "fields",
    ]

    /// - Parameter name: the file's name without `.json`.
    /// - Throws: `config_error` with the profile's name and a JSON pointer.
    public init(name: String, reading bytes: [UInt8]) throws(Failure) {
        func wrong(_ why: String) -> Failure {
            Failure(
                .configError, "Profile \(name): \(why)",
                hint: "Correct the file; the form is in Documentation/runpod.md.")
        }
        guard bytes.count <= Self.maximumBytes else { throw wrong("it has more than \(Self.maximumBytes) bytes.") }
        let value: JSONValue
        do {
            value = try JSONReader.read(bytes)
        } catch {
            throw wrong("not JSON at line \(error.line), column \(error.column): \(error.reason).")
        }
        guard let fields = value.object else { throw wrong("a profile is one JSON object.") }
        do {
            try self.init(name: name, FieldReader(fields: fields, pointer: ""))
        } catch {
            throw wrong(error.message)
        }
    }

    private init(name: String, _ reader: FieldReader) throws(Failure) {
        for key in reader.fields.keys.sorted() where !Self.keys.contains(key) {
            throw reader.failure(key, "is no part of a profile; one of \(Self.keys.sorted().joined(separator: ", "))")
        }
        self.name = name
        summary = try reader.text("summary", maximumBytes: 512) ?? ""
        types = try Self.types(reader, "types")
        passesThrough = try reader.bool("passthrough") ?? false
        framesPerSecond = try reader.number("frames_per_second", in: 1...120) ?? 16
        constants = try reader.object("constants").fields
        let fields = try reader.object("fields")
        var rules: [String: ProfileRule] = [:]
        for key in fields.fields.keys.sorted() { rules[key] = try ProfileRule(try fields.object(key)) }
        self.rules = rules
        guard passesThrough || !rules.isEmpty else { throw reader.failure("fields", "is missing") }
    }

    static func types(_ reader: FieldReader, _ key: String) throws(Failure) -> Set<JobType> {
        let made: [JobType] = [.render, .imageToVideo, .speech, .lipSync, .trainTwin]
        let names = made.map(\.rawValue).joined(separator: ", ")
        var types: Set<JobType> = []
        for name in try reader.texts(key, maximumCount: 16) {
            guard let type = JobType(rawValue: name), made.contains(type) else {
                throw reader.failure(key, "must name some of \(names) (has \"\(name.prefix(40))\")")
            }
            types.insert(type)
        }
        guard !types.isEmpty else { throw reader.failure(key, "must name some of \(names)") }
        return types
    }
}
