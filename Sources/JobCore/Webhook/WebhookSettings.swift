/// Whom webhooks are sent to, and how they are signed.
public struct WebhookSettings: Sendable, Equatable {
    /// They are told everything.
    public let endpoints: [WebhookEndpoint]
    /// URLs that jobs may name: each stands for itself and, where it ends with a slash, for all below it.
    public let allowed: [WebURL]
    /// All of them sign; more than one while the secret is being changed.
    public let secrets: [WebhookSecret]
    /// How clients reach the daemon, for addresses in webhooks, without a slash at the end; nil for where it listens.
    public let base: String?

    /// So many addresses, and so many secrets, may be set.
    public static let endpointLimit = 16, secretLimit = 4

    public init(
        endpoints: [WebhookEndpoint] = [], allowed: [WebURL] = [], secrets: [WebhookSecret] = [], base: String? = nil
    ) {
        (self.endpoints, self.allowed, self.secrets, self.base) = (endpoints, allowed, secrets, base)
    }

    /// Whether anything is ever sent.
    public var isOn: Bool { !secrets.isEmpty && !(endpoints.isEmpty && allowed.isEmpty) }

    /// The endpoint that a job names; nil when it may not.
    public func endpoint(ofJob text: String) -> WebhookEndpoint? {
        guard isOn, let endpoint = WebhookEndpoint(text) else { return nil }
        return endpoints.contains(endpoint) || allowed.contains { Self.covers($0, endpoint.url) } ? endpoint : nil
    }

    /// Where a delivery goes; nil when the settings do not list it any more.
    public func endpoint(of delivery: WebhookDelivery) -> WebhookEndpoint? {
        if let url = delivery.jobURL { return endpoint(ofJob: url) }
        return endpoints.first { $0.key == delivery.endpointKey }
    }

    private static func covers(_ listed: WebURL, _ url: WebURL) -> Bool {
        guard listed.hasSameOrigin(as: url) else { return false }
        if listed == url { return true }
        // `/hooks/../admin` would be below `/hooks/` by its text alone, also when its dots are written as `%2e`.
        let parts = url.path.lowercased().replacing("%2e", with: ".").split(separator: "/")
        guard listed.path.hasSuffix("/"), !parts.contains(where: { $0 == "." || $0 == ".." }) else { return false }
        return url.path.hasPrefix(listed.path)
    }
}

extension Settings {
    /// - Throws: `config_error`: an address or a secret that is none, or addresses without a secret.
    func webhookSettings() throws(Failure) -> WebhookSettings {
        let settings = WebhookSettings(
            endpoints: try webhookURLs(.webhookURLs).map { WebhookEndpoint($0) },
            allowed: try webhookURLs(.webhookAllow), secrets: try webhookSecrets(), base: self[.publicURL])
        let isAsked = !settings.endpoints.isEmpty || !settings.allowed.isEmpty
        guard isAsked, settings.secrets.isEmpty else { return settings }
        throw Failure(
            .configError, "KINOSPOOL_WEBHOOK_SECRET is not set: nobody could tell our webhooks from a stranger's.",
            hint: "Set it to what this prints: echo whsec_$(head -c 32 /dev/urandom | base64)")
    }

    private func webhookURLs(_ key: SettingKey) throws(Failure) -> [WebURL] {
        let wanted = "at most \(WebhookSettings.endpointLimit) URLs joined by \",\", without name and password."
        var urls: [WebURL] = []
        for text in (self[key] ?? "").split(separator: ",") {
            guard let endpoint = WebhookEndpoint(text), urls.count < WebhookSettings.endpointLimit else {
                throw SettingText(key: key, text: self[key] ?? "").failure(wanted)
            }
            if !urls.contains(endpoint.url) { urls.append(endpoint.url) }
        }
        return urls
    }

    private func webhookSecrets() throws(Failure) -> [WebhookSecret] {
        let key = SettingKey.webhookSecret
        var secrets: [WebhookSecret] = []
        for text in (self[key] ?? "").split(separator: ",") {
            guard let secret = WebhookSecret(text), secrets.count < WebhookSettings.secretLimit else {
                throw SettingText(key: key, text: self[key] ?? "").failure(
                    "whsec_ and base64 of 24 to 64 bytes; joined by \",\" while it is being changed.")
            }
            secrets.append(secret)
        }
        return secrets
    }
}
