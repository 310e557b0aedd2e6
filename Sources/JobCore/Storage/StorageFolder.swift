/// What the keys of one publication begin with: `jobs/<id>/a<attempt>-<nonce>/`.
///
/// Invariants:
/// 1. No two publications share one, also where a deleted job's id is taken again: whoever removes all of one removes
///    nothing of another.
/// 2. It cannot be guessed: in a bucket that anybody may read, a film is found only by its whole URL.
/// 3. It names its job, and a text for one job is never read as that of another.
public struct StorageFolder: Sendable, Hashable, CustomStringConvertible {
    public let job: JobID
    /// Counts from 1.
    public let attempt: Int
    /// 8 to 40 digits and lower-case letters.
    public let nonce: String

    /// Nil when the attempt is below 1, or the nonce can be none.
    public init?(job: JobID, attempt: Int, nonce: some StringProtocol) {
        guard attempt >= 1, (8...40).contains(nonce.utf8.count),
            nonce.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
        else { return nil }
        (self.job, self.attempt, self.nonce) = (job, attempt, String(nonce))
    }

    /// Reads the form `name`, `a1-7k3q9d2p`; nil for any other.
    public init?(job: JobID, name: some StringProtocol) {
        guard name.first == "a", let dash = name.firstIndex(of: "-"),
            let attempt = Int(name[name.index(after: name.startIndex)..<dash]),
            let folder = StorageFolder(job: job, attempt: attempt, nonce: name[name.index(after: dash)...]),
            folder.name == name
        else { return nil }
        self = folder
    }

    /// A new one, with 124 random bits of the system's own source.
    public init(newFor job: JobID, attempt: Int) {
        (self.job, self.attempt) = (job, max(attempt, 1))
        nonce = String((0..<24).compactMap { _ in "0123456789abcdefghijklmnopqrstuvwxyz".randomElement() })
    }

    /// The last part: `a1-7k3q9d2p`.
    public var name: String { "a\(attempt)-\(nonce)" }

    /// The beginning of all keys, with its slash.
    public var prefix: String { "\(StorageKey.prefix(of: job))\(name)/" }

    /// The key of a file of the attempt; nil when it is no plain file name.
    public func key(of file: String) -> StorageKey? {
        guard PlainName.isLegal(file), !file.unicodeScalars.contains("\u{FFFD}") else { return nil }
        return StorageKey(prefix + file)
    }

    public var description: String { prefix }
}
