public import JobCore

/// One request. Nothing in it is sent before `HTTPClient` gets it.
public struct HTTPRequest: Sendable {
    /// What is asked of the resource.
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether two of them do what one does (RFC 9110, 9.2.2). Only such requests are ever repeated, also by
        /// libcurl.
        public var isRepeatable: Bool { self != .post && self != .patch }
    }

    /// What is sent after the head.
    public enum Body: Sendable, Equatable {
        case none
        case bytes([UInt8])
        /// A part of a regular file, read while it is sent.
        case file(path: String, offset: Int64, length: Int64)
    }

    public var method: Method
    public var url: WebURL
    public var headers: HTTPHeaders
    public var body: Body
    /// How long it may take; see there.
    public var limits = HTTPLimits()
    /// Most bytes of a successful answer's body; default 1 MiB. One byte more is `tooLarge`.
    public var maximumBody: Int64 = 1 << 20
    /// How many redirects are followed; default 5 for GET and HEAD, none for others. A request with a body never
    /// follows one.
    public var maximumRedirects: Int

    public init(_ method: Method = .get, _ url: WebURL, headers: HTTPHeaders = [:], body: Body = .none) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
        maximumRedirects = method == .get || method == .head ? 5 : 0
    }

    /// A POST of JSON.
    public static func postJSON(_ value: JSONValue, to url: WebURL, headers: HTTPHeaders = [:]) -> HTTPRequest {
        var request = HTTPRequest(.post, url, headers: headers, body: .bytes(Array(JSONWriter.compact(value).utf8)))
        request.headers["Content-Type"] = "application/json"
        return request
    }
}
