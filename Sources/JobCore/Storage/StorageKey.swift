/// The name of an object in a bucket.
public struct StorageKey: Sendable, Hashable, CustomStringConvertible {
    /// As it stands between bucket and query, not encoded.
    public let text: String

    /// The place of a job's artifact: `jobs/<id>/a<attempt>/<name>`. Two attempts never share one, so what a late
    /// attempt published can be removed without harm. Nil when the name is no plain file name, or the attempt is
    /// below 1.
    public init?(job: JobID, attempt: Int, name: String) {
        guard attempt >= 1, PlainName.isLegal(name), !name.unicodeScalars.contains(where: { $0 == "\u{FFFD}" }) else {
            return nil
        }
        text = "\(Self.prefix(of: job))a\(attempt)/\(name)"
    }

    /// A key from outside, such as the one in `s3://bucket/key`. Nil when it is empty, longer than 1024 bytes, or has
    /// control characters or parts like `..`, which servers and proxies read as a path.
    public init?(_ text: some StringProtocol) {
        guard (1...1024).contains(text.utf8.count), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }),
            !text.hasPrefix("/"), !text.split(separator: "/").contains(where: { $0 == "." || $0 == ".." })
        else { return nil }
        self.text = String(text)
    }

    /// What the keys of all artifacts of a job begin with.
    public static func prefix(of job: JobID) -> String { "jobs/\(job)/" }

    /// What the keys of one attempt begin with.
    public static func prefix(of job: JobID, attempt: Int) -> String { "jobs/\(job)/a\(attempt)/" }

    public var description: String { text }
}
