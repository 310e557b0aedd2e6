/// The name of an object in a bucket.
public struct StorageKey: Sendable, Hashable, CustomStringConvertible {
    /// As it stands between bucket and query, not encoded.
    public let text: String

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

    public var description: String { text }
}
