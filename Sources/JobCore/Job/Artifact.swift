/// One finished file of a job, as the job file records it.
public struct Artifact: Sendable, Equatable {
    /// What a person does with it.
    public enum Kind: String, CaseIterable, Sendable { case video, audio, image, data }

    /// File name inside the attempt's folder; never a path.
    public var name: String
    public var kind: Kind
    /// Size in bytes and SHA-256 as lower-case hex, taken after the last write.
    public var bytes: Int64, sha256: String
    /// What a probe of the finished file found, nil where it does not apply.
    public var media: MediaFacts?
    /// File name of the still picture that stands for a film, in the same folder.
    public var poster: String?
    /// File name of the picture with moments from the whole film, in the same folder.
    public var contactSheet: String?

    public init(
        name: String, kind: Kind, bytes: Int64, sha256: String, media: MediaFacts? = nil, poster: String? = nil,
        contactSheet: String? = nil
    ) {
        (self.name, self.kind, self.bytes, self.sha256) = (name, kind, bytes, sha256)
        (self.media, self.poster, self.contactSheet) = (media, poster, contactSheet)
    }

    /// All its files: the artifact itself and the pictures that stand for it.
    public var fileNames: [String] { [name] + [poster, contactSheet].compactMap { $0 } }

    /// The form in job files, `--json` and HTTP.
    public var json: JSONValue {
        var fields: [String: JSONValue] = [
            "name": .string(name), "kind": .string(kind.rawValue), "bytes": .integer(bytes), "sha256": .string(sha256),
        ]
        if let media { fields.merge(media.fields) { first, _ in first } }
        if let poster { fields["poster"] = .string(poster) }
        if let contactSheet { fields["contact_sheet"] = .string(contactSheet) }
        return .object(fields)
    }

    /// Reads what `json` wrote; nil when the name is missing or no plain file name.
    public init?(json: JSONValue) {
        guard let fields = json.object, let name = fields["name"]?.string, PlainName.isLegal(name),
            let kind = fields["kind"]?.string.flatMap(Kind.init)
        else { return nil }
        func picture(_ key: String) -> String? {
            fields[key]?.string.flatMap { PlainName.isLegal($0) ? $0 : nil }
        }
        self.init(
            name: name, kind: kind, bytes: fields["bytes"]?.integer ?? 0, sha256: fields["sha256"]?.string ?? "",
            media: MediaFacts(fields: fields),
            poster: picture("poster"), contactSheet: picture("contact_sheet"))
    }
}
