/// An uploaded file by its content: `upload:<sha256>`, and what kind of file it is.
public struct UploadName: Hashable, Sendable {
    /// 64 lower-case hexadecimal digits.
    public let sha256: String
    /// The ending of its file name; nil where only the reference is known.
    public let kind: UploadKind?

    public init(sha256: String, kind: UploadKind) { (self.sha256, self.kind) = (sha256, kind) }

    /// Reads `upload:<sha256>`; nil for any other text.
    public init?(reference text: String) {
        guard text.hasPrefix(Self.scheme) else { return nil }
        let digits = text.dropFirst(Self.scheme.count)
        guard digits.utf8.count == 64, digits.utf8.allSatisfy(Self.isHex) else { return nil }
        (sha256, kind) = (String(digits), nil)
    }

    private static let scheme = "upload:"

    /// How job parameters name it.
    public var reference: String { Self.scheme + sha256 }

    /// `<sha256>.png`
    public var fileName: String { kind.map { "\(sha256).\($0.rawValue)" } ?? sha256 }

    /// What it is called among the attachments of a job.
    public var attachmentName: String { "upload-\(sha256.prefix(16))\(kind.map { ".\($0.rawValue)" } ?? "")" }

    private static func isHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
