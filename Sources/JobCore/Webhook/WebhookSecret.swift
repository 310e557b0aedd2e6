/// A secret that webhooks are signed with: `whsec_` and base64 of 24 to 64 bytes.
///
/// Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
public struct WebhookSecret: Sendable, Equatable {
    private let bytes: [UInt8]

    /// How many bytes a secret has.
    public static let lengths = 24...64

    /// Nil for any other text.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Base64Decoder.bytes(of: text.dropFirst(Self.prefix.count).utf8),
            Self.lengths.contains(bytes.count)
        else { return nil }
        self.bytes = bytes
    }

    private static let prefix = "whsec_"

    /// One signature, as it stands in `webhook-signature`.
    ///
    /// - Parameter seconds: when it is sent, in seconds since 1970.
    public func signature(id: String, seconds: Int64, body: [UInt8]) -> String {
        "v1," + Base64.encoded(HMAC.sha256(key: bytes, Array("\(id).\(seconds).".utf8) + body))
    }
}
