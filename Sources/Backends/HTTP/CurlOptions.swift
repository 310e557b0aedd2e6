internal import CCurl
import JobCore

/// Sets an easy handle up for a request. The first option that libcurl refuses ends it.
struct CurlOptions {
    private let easy: UnsafeMutableRawPointer
    private var refused: CURLoption?

    init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

    /// - Returns: the header lines, to be freed with the handle.
    mutating func apply(
        _ request: HTTPRequest, _ environment: HTTPEnvironment, bodyLength: Int64?
    ) throws(HTTPFailure) -> UnsafeMutablePointer<curl_slist>? {
        text(CURLOPT_URL, request.url.text)
        // Never another protocol, whatever a URL says; and no redirects behind the client's back.
        text(CURLOPT_PROTOCOLS_STR, "http,https")
        number(CURLOPT_FOLLOWLOCATION, 0)
        // One request, one connection at a time: with HTTP/2 a lost stream could be any of several requests.
        number(CURLOPT_HTTP_VERSION, Int64(CURL_HTTP_VERSION_1_1))
        number(CURLOPT_HTTP09_ALLOWED, 0)
        number(CURLOPT_NOSIGNAL, 1)
        // A cancel need not wait for the resolver's thread, which cleans up after itself.
        number(CURLOPT_QUICK_EXIT, 1)
        number(CURLOPT_BUFFERSIZE, 128 * 1024)
        number(CURLOPT_UPLOAD_BUFFERSIZE, 128 * 1024)
        if !request.method.isRepeatable {
            // libcurl sends a request again when a connection that it kept turns out to be dead; on a fresh one never.
            number(CURLOPT_FRESH_CONNECT, 1)
        }
        limits(request.limits)
        trust(request.url, environment)
        method(request.method, bodyLength)
        let lines = try headers(request)
        note(CURLOPT_HTTPHEADER, cc_set_list(easy, CURLOPT_HTTPHEADER, lines))
        if let refused {
            cc_list_free(lines)
            throw HTTPFailure(.unusable, .preparing, "libcurl is too old: it does not know option \(refused.rawValue).")
        }
        return lines
    }

    mutating func buffer(_ option: CURLoption, _ value: UnsafeMutablePointer<CChar>) {
        note(option, cc_set_buffer(easy, option, value))
    }

    private mutating func limits(_ limits: HTTPLimits) {
        number(CURLOPT_CONNECTTIMEOUT_MS, max(1, limits.connect.milliseconds))
        if let whole = limits.whole { number(CURLOPT_TIMEOUT_MS, max(1, whole.milliseconds)) }
        if let stall = limits.stall {
            number(CURLOPT_LOW_SPEED_TIME, max(1, (stall.milliseconds + 999) / 1000))
            number(CURLOPT_LOW_SPEED_LIMIT, Int64(max(1, limits.slowest)))
        }
    }

    private mutating func trust(_ url: WebURL, _ environment: HTTPEnvironment) {
        if let certificates = environment.certificates { text(CURLOPT_CAINFO, certificates) }
        // Always set, so that libcurl does not look at the environment itself; "" is no proxy.
        text(CURLOPT_PROXY, environment.proxy(for: url))
        text(CURLOPT_NOPROXY, environment.withoutProxy ?? "")
        number(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    private mutating func method(_ method: HTTPRequest.Method, _ bodyLength: Int64?) {
        switch method {
        case .get where bodyLength == nil: number(CURLOPT_HTTPGET, 1)
        case .head: number(CURLOPT_NOBODY, 1)
        case .post:
            number(CURLOPT_POST, 1)
            number(CURLOPT_POSTFIELDSIZE_LARGE, bodyLength ?? 0)
        case .put:
            number(CURLOPT_UPLOAD, 1)
            number(CURLOPT_INFILESIZE_LARGE, bodyLength ?? 0)
        case .get, .patch, .delete:
            if let bodyLength {
                number(CURLOPT_UPLOAD, 1)
                number(CURLOPT_INFILESIZE_LARGE, bodyLength)
            }
            text(CURLOPT_CUSTOMREQUEST, method.rawValue)
        }
    }

    private func headers(_ request: HTTPRequest) throws(HTTPFailure) -> UnsafeMutablePointer<curl_slist>? {
        var headers = request.headers
        if headers["User-Agent"] == nil { headers["User-Agent"] = "kinospool/\(KinospoolVersion.text)" }
        var lines: UnsafeMutablePointer<curl_slist>?
        for field in headers.fields {
            guard Self.isLegal(field) else {
                cc_list_free(lines)
                throw HTTPFailure(.unusable, .preparing, "The header \(field.name.prefix(40)) cannot be sent.")
            }
            // "Name;" is libcurl's way to send a header without a value; "Name:" would remove it.
            lines = cc_list_append(lines, field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // Neither a second's wait for "100 Continue" nor a content type that nobody asked for.
        lines = cc_list_append(lines, "Expect:")
        if request.headers["Content-Type"] == nil { lines = cc_list_append(lines, "Content-Type:") }
        if request.headers["Accept"] == nil { lines = cc_list_append(lines, "Accept: */*") }
        return lines
    }

    /// A name of letters, digits and dashes; a value without control characters, which could end the line.
    private static func isLegal(_ field: HTTPHeaders.Field) -> Bool {
        !field.name.isEmpty
            && field.name.utf8.allSatisfy { byte in
                let character = Character(Unicode.Scalar(byte))
                return byte < 0x80 && (character.isLetter || character.isNumber || byte == 0x2D || byte == 0x5F)
            } && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    private mutating func number(_ option: CURLoption, _ value: Int64) {
        note(option, cc_set_number(easy, option, value))
    }

    private mutating func text(_ option: CURLoption, _ value: String) { note(option, cc_set_text(easy, option, value)) }

    private mutating func note(_ option: CURLoption, _ code: CURLcode) {
        if code != CURLE_OK, refused == nil { refused = option }
    }
}
