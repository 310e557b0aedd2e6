public import JobCore

/// What an answer says before its body.
public struct HTTPHead: Sendable, Equatable {
    public let status: Int
    public let headers: HTTPHeaders
    /// Who answered: after redirects another URL than was asked.
    public let url: WebURL

    public init(status: Int, headers: HTTPHeaders, url: WebURL) {
        (self.status, self.headers, self.url) = (status, headers, url)
    }

    public var isSuccess: Bool { (200...299).contains(status) }

    /// What `Content-Length` announces, nil for none.
    public var contentLength: Int64? { headers["Content-Length"].flatMap { Int64($0) } }

    /// How long the server asks to wait, at most an hour; nil when it does not.
    public func retryAfter(now: Timestamp) -> Duration? {
        headers["Retry-After"].flatMap { RetryAfter.duration($0, now: now) }
    }
}
