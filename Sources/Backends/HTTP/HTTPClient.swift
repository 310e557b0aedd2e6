import JobCore

/// Speaks HTTP for the whole process: one thread, kept connections, and a cancel that takes effect at once.
///
/// It waits for no thread of Swift's, never repeats a request by itself, and knows no secret beyond the request.
/// Proxies and certificates come from the environment. It speaks HTTP/1.1 (Documentation/decisions/0016).
public final class HTTPClient: Sendable {
    private let loop = CurlLoop()
    private let environment: HTTPEnvironment

    /// - Parameter environment: proxies and certificates.
    public init(environment: HTTPEnvironment = .process) { self.environment = environment }

    deinit { loop.stop() }

    /// Sends a request and gives the answer, of whatever status, with the body in memory.
    ///
    /// GET and HEAD follow redirects; to another protocol, host or port only with headers that hold no secret.
    ///
    /// - Throws: `HTTPFailure` when there is no whole answer; its `reason` is `cancelled` when the task was cancelled.
    public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        try await send(request, into: nil)
    }

    /// The same, with the body of a 2xx answer going to a sink while it comes in.
    ///
    /// After a failure the sink may have got a part. It is never called again once this has returned.
    public func send(_ request: HTTPRequest, into sink: any HTTPSink) async throws(HTTPFailure) -> HTTPResponse {
        try await send(request, into: .some(sink))
    }

    private func send(_ request: HTTPRequest, into sink: (any HTTPSink)?) async throws(HTTPFailure) -> HTTPResponse {
        var request = request
        var redirects = 0
        while true {
            let response = try await sendOnce(request, into: sink)
            guard [301, 302, 303, 307, 308].contains(response.status), request.maximumRedirects > 0,
                request.body == .none, let location = response.headers["Location"]
            else { return response }
            redirects += 1
            guard redirects <= request.maximumRedirects else {
                throw Self.badRedirect(request, "more than \(request.maximumRedirects) redirects.")
            }
            guard let next = request.url.resolving(location) else {
                throw Self.badRedirect(request, "redirected to what is no http or https URL.")
            }
            guard !(request.url.scheme == .https && next.scheme == .http) else {
                throw Self.badRedirect(request, "redirected from https to http.")
            }
            if !next.hasSameOrigin(as: request.url) { request.headers = request.headers.keeping(Self.harmless) }
            request.url = next
        }
    }

    private func sendOnce(_ request: HTTPRequest, into sink: (any HTTPSink)?) async throws(HTTPFailure) -> HTTPResponse
    {
        let transfer = CurlTransfer(request, environment: environment, sink: sink)
        let result = await withTaskCancellationHandler {
            loop.add(transfer)
            return await transfer.result()
        } onCancel: { [loop] in
            transfer.markCancelled()
            loop.cancel(transfer)
        }
        return try result.get()
    }

    /// What another host may be told.
    private static let harmless = ["Accept", "Range", "If-Range", "User-Agent"]

    private static func badRedirect(_ request: HTTPRequest, _ text: String) -> HTTPFailure {
        HTTPFailure(.badRedirect, .answered, "\(CurlProblem.subject(request)): \(text)")
    }
}
