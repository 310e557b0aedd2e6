/// How a film was made, as it travels inside the film: enough to make it again, nothing that is not for strangers.
///
/// Invariants:
/// 1. No secrets, no user or signature of a URL, no id, no times, no address to call back, no idempotency key.
/// 2. The same work with the same seed and backend gives the same text.
public struct Recipe: Sendable, Equatable {
    /// The key that marks the JSON; its value is the version of the form.
    public static let marker = "kinospool_recipe"
    public static let formVersion: Int64 = 1
    /// The longest text that goes into a film, and that is read from one, in bytes.
    public static let maximumBytes = 512 << 10

    /// The job's type as written, also one that this version does not know.
    public let typeName: String
    /// The parameters with the seed that was used.
    public let params: [String: JSONValue]
    /// The backend that made the film, by its lane's name.
    public let backend: String?
    /// The backend's profile, where the job named one.
    public let profile: String?
    /// The version of Kinospool that wrote it.
    public let kinospoolVersion: String?
    /// One sentence of the backend about its film.
    public var note: String?

    /// The recipe of a job that is about to run; nil when the job wants none, or makes no film.
    ///
    /// - Parameters:
    ///   - lane: the backend that does the work.
    ///   - seed: the seed it uses.
    public init?(_ document: JobDocument, _ request: JobRequest, lane: Lane, seed: Int) {
        guard request.embedsRecipe else { return nil }
        var params = document[.params]?.object ?? [:]
        params["embed_recipe"] = nil
        if case .generate = request.work { params["seed"] = .integer(Int64(seed)) }
        typeName = request.type.rawValue
        self.params = Redaction.redacted(.object(params)).object ?? [:]
        backend = lane.rawValue
        profile = document[.profile]?.string.map { Redaction.redacted($0) }
        kinospoolVersion = KinospoolVersion.text
        note = nil
    }

    /// Reads what `text` wrote.
    public init(_ text: String) throws(Unreadable) {
        guard text.utf8.count <= Self.maximumBytes else { throw .tooLarge }
        let value: JSONValue
        do {
            value = try JSONReader.read(Array(text.utf8))
        } catch {
            // A comment that somebody else wrote is no recipe; ours cut short begins with the marker or close to it.
            if text.contains("\"\(Self.marker)\"") { throw .damaged(error.reason) }
            throw .noRecipe
        }
        guard let fields = value.object, let version = fields[Self.marker]?.integer else { throw .noRecipe }
        guard version <= Self.formVersion else { throw .newer(version) }
        guard let typeName = fields["type"]?.string, let params = (fields["params"] ?? [:]).object else {
            throw .damaged("type or params are missing")
        }
        (self.typeName, self.params) = (typeName, params)
        (backend, profile) = (fields["backend"]?.string, fields["profile"]?.string)
        (kinospoolVersion, note) = (fields["kinospool"]?.string, fields["note"]?.string)
    }

    /// Why a text is no recipe.
    public enum Unreadable: Error, Sendable, Equatable {
        /// Somebody else's words.
        case noRecipe
        /// Written by a newer Kinospool, in this version of the form.
        case newer(Int64)
        case tooLarge
        case damaged(String)
    }

    /// The JSON object, with the version marker.
    public var json: JSONValue {
        var fields: [String: JSONValue] = [
            Self.marker: .integer(Self.formVersion), "type": .string(typeName), "params": .object(params),
        ]
        fields["backend"] = backend.map { .string($0) }
        fields["profile"] = profile.map { .string($0) }
        fields["kinospool"] = kinospoolVersion.map { .string($0) }
        fields["note"] = note.map { .string($0) }
        return .object(fields)
    }

    /// One line of JSON: the `comment` of a film.
    public var text: String { JSONWriter.compact(json) }

    /// The job file that makes it again.
    public var document: JobDocument {
        var document = JobDocument(["type": .string(typeName), "params": .object(params)])
        document[.backend] = backend.map { .string($0) }
        document[.profile] = profile.map { .string($0) }
        return document
    }

    /// JSON pointers of the texts in which something was masked: there the recipe is not what the job said.
    public var maskedPointers: [String] { Self.masked(.object(params), "/params").sorted() }

    private static func masked(_ value: JSONValue, _ pointer: String) -> [String] {
        switch value {
        case .null, .bool, .integer, .number: []
        case .string(let text): text.contains(Redaction.mask) ? [pointer] : []
        case .array(let elements): elements.enumerated().flatMap { masked($1, "\(pointer)/\($0)") }
        case .object(let members): members.flatMap { masked($1, FieldReader.pointer(pointer, $0)) }
        }
    }
}
