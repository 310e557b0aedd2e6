import HTTPTypes

/// Pages of other sites that the user lets in (https://fetch.spec.whatwg.org/#http-cors-protocol). Nobody by default,
/// never everybody, never with the browser's cookies, and never pages of the internet into a private network.
struct CORSRule: Sendable {
    /// Lower-case, `http://localhost:5173`.
    let origins: Set<String>

    private static let headers =
        "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, Range"
    private static let exposed =
        "Accept-Ranges, Content-Range, ETag, Idempotency-Replayed, Link, Location, Preference-Applied, Retry-After, "
        + "X-Request-ID"

    func allows(_ origin: String?) -> Bool { origin.map { origins.contains($0.lowercased()) } ?? false }

    /// Whether a request only asks what it may ask.
    func isPreflight(_ head: HTTPRequest) -> Bool {
        head.method == .options && allows(head.headerFields[.origin])
            && head.headerFields[.accessControlRequestMethod] != nil
    }

    /// Adds what lets the page see the answer.
    func mark(_ fields: inout HTTPFields, for origin: String?) {
        guard !origins.isEmpty else { return }
        fields.append(HTTPField(name: .vary, value: "Origin"))
        guard let origin, allows(origin) else { return }
        fields[.accessControlAllowOrigin] = origin
        fields[.accessControlExposeHeaders] = Self.exposed
    }

    /// What a page is told that asks first.
    ///
    /// - Parameter methods: those of the address.
    static func preflight(_ methods: [String]) -> HTTPFields {
        [
            .accessControlAllowMethods: methods.joined(separator: ", "), .accessControlAllowHeaders: headers,
            .accessControlMaxAge: "600",
        ]
    }
}
