/// The name of one delivery, and its `webhook-id`: `msg_` and 24 characters of base 32.
///
/// It follows from what happened and from whom it is told to. So a daemon that was killed after a job ended and before
/// it knew that it had written the delivery gives the delivery the same name, and the receiver sees a repetition.
public struct WebhookID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let text: String

    /// Nil for any other text.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix(Self.prefix), text.utf8.count == Self.prefix.utf8.count + 24,
            text.utf8.dropFirst(Self.prefix.utf8.count).allSatisfy({ Self.alphabet.contains($0) })
        else { return nil }
        self.text = String(text)
    }

    /// - Parameters:
    ///   - facts: what tells this event from every other of its kind.
    ///   - endpoint: whom it is told to.
    public init(_ event: WebhookEvent, _ facts: [String], to endpoint: WebhookEndpoint) {
        var hash = SHA256()
        hash.update(([event.rawValue] + facts + [endpoint.url.text]).joined(separator: "\n").utf8)
        let bits = hash.digest().prefix(15).map { String(UInt16($0) | 0x100, radix: 2).dropFirst() }.joined()
        let digits = stride(from: 0, to: 120, by: 5).map { start in
            let from = bits.index(bits.startIndex, offsetBy: start)
            return Self.alphabet[Int(bits[from..<bits.index(from, offsetBy: 5)], radix: 2) ?? 0]
        }
        text = Self.prefix + String(decoding: digits, as: UTF8.self)
    }

    private static let prefix = "msg_"
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    public var description: String { text }

    public static func < (left: WebhookID, right: WebhookID) -> Bool { left.text < right.text }
}
