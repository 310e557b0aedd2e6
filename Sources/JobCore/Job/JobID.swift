/// The name of a job: the only text from outside that may become a file name, and only after this check.
///
/// `[a-z0-9][a-z0-9._-]{0,95}` without `..`: lower-case ASCII makes case folding and Unicode normalisation of file
/// systems irrelevant, and 96 bytes leave room for rsync's `.NAME.XXXXXX` and `.why.json` within 255.
public struct JobID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest legal id, in bytes.
    public static let maximumLength = 96

    /// The id as it stands in file names, JSON and URLs.
    public let text: String

    /// Nil when the text is not a legal id.
    public init?(_ text: String) {
        guard (1...Self.maximumLength).contains(text.utf8.count) else { return nil }
        var previous: UInt8?
        for byte in text.utf8 {
            let isLegal = Self.isLetterOrDigit(byte) || (previous != nil && Self.isInnerSign(byte))
            let dot = UInt8(ascii: ".")
            guard isLegal, !(byte == dot && previous == dot) else { return nil }
            previous = byte
        }
        self.text = text
    }

    /// Nil when the text is not a legal id.
    public init?(_ text: Substring) { self.init(String(text)) }

    /// A new id that sorts by time: `20261123-140355123-7k3q9d` (UTC milliseconds and 30 random bits).
    public init(generatedAt now: Timestamp, random: UInt32) {
        self.text = "\(now.compactText)-\(Self.suffix(random))"
    }

    /// A new id that begins with a name that was taken, too long, or no legal id ("My Film!" → `my-film-7k3q9d`).
    public init(resembling name: some StringProtocol, random: UInt32) {
        var slug = Slug.text(of: name, limit: Self.maximumLength - 7)
        if slug.isEmpty { slug = "job" }
        self.text = "\(slug)-\(Self.suffix(random))"
    }

    /// The id that belongs to an idempotency key: `key-7k3q9d…`, 28 bytes with 120 bits of the key's hash.
    ///
    /// - Parameter generation: 0 for the first use of the key; more once its answers are forgotten.
    public init(key: String, generation: Int) {
        var hash = SHA256()
        hash.update("\(generation):\(key)".utf8)
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        // Five bytes are eight characters.
        let text = hash.digest().prefix(15).map { String(UInt16($0) | 0x100, radix: 2).dropFirst() }.joined()
        let digits = stride(from: 0, to: 120, by: 5).map { start in
            let from = text.index(text.startIndex, offsetBy: start)
            return alphabet[Int(text[from..<text.index(from, offsetBy: 5)], radix: 2) ?? 0]
        }
        self.text = Self.keyPrefix + String(decoding: digits, as: UTF8.self)
    }

    private static let keyPrefix = "key-"

    /// Whether nobody chose it: made from the time, or from an idempotency key.
    public var isMadeUp: Bool {
        let parts = text.split(separator: "-")
        if parts.map(\.count) == [3, 24], text.hasPrefix(Self.keyPrefix) { return true }
        return parts.map(\.count) == [8, 9, 6] && parts.prefix(2).joined().allSatisfy(\.isNumber)
    }

    /// The last six bytes: enough to tell a person's jobs apart.
    public var shortText: String { String(text.suffix(6)) }

    public var description: String { text }

    public static func < (left: JobID, right: JobID) -> Bool { left.text < right.text }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isInnerSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    /// Six characters of base 32 without the look-alikes i, l, o and u (Crockford).
    private static func suffix(_ random: UInt32) -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
        return String(decoding: (0..<6).map { alphabet[Int(random >> UInt32($0 * 5)) & 31] }, as: UTF8.self)
    }
}
