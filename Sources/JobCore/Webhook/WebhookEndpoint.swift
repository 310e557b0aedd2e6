/// An address that webhooks are sent to.
public struct WebhookEndpoint: Hashable, Sendable {
    public let url: WebURL

    public init(_ url: WebURL) { self.url = url }

    /// Nil for what is no `http` or `https` URL, or one with a name or a password in it.
    public init?(_ text: some StringProtocol) {
        guard let url = WebURL(text), !text.contains("@") else { return nil }
        self.url = url
    }

    /// Names it in files and lists without telling it: many such URLs are secrets themselves.
    public var key: String { String(SHA256.hex(of: url.text.utf8).prefix(16)) }

    /// Protocol and host: what people may see of it.
    public var shown: String { "\(url.scheme.rawValue)://\(url.authority)" }
}
