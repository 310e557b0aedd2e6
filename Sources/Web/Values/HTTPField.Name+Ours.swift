import HTTPTypes

/// Header names that are not in the library.
extension HTTPField.Name {
    static let prefer = named("Prefer"), preferenceApplied = named("Preference-Applied")
    static let link = named("Link"), requestID = named("X-Request-ID")
    static let idempotencyKey = named("Idempotency-Key"), idempotencyReplayed = named("Idempotency-Replayed")
    static let fetchSite = named("Sec-Fetch-Site"), lastEventID = named("Last-Event-ID")
    static let referrerPolicy = named("Referrer-Policy")
    static let crossOriginOpenerPolicy = named("Cross-Origin-Opener-Policy")
    static let pollAfter = named("OpenAI-Poll-After-Ms")

    /// The first `Host` is the authority of a request; where there are more, these are the others.
    static let furtherHost = named("Host")

    /// A name of which we know that it is legal.
    private static func named(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .via }
}
