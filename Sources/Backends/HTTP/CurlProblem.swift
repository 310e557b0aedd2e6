internal import CCurl
import JobCore

/// libcurl's error codes as ours (https://curl.se/libcurl/c/libcurl-errors.html).
enum CurlProblem {
    /// `GET https://host/path`, for messages.
    static func subject(_ request: HTTPRequest) -> String { "\(request.method.rawValue) \(request.url.shown)" }

    static func failure(
        _ code: CURLcode, _ text: String, _ phase: HTTPFailure.Phase, _ request: HTTPRequest
    ) -> HTTPFailure {
        // A protocol that libcurl does not support is in the answer, once something was sent: no URL has another.
        let isAnswer = code == CURLE_UNSUPPORTED_PROTOCOL && phase >= .sent
        let reason = isAnswer ? .garbled : reason(code)
        let detail = text.isEmpty ? String(cString: cc_error_text(code)) : text
        return HTTPFailure(
            reason, phase, "\(subject(request)): \(words(reason, phase)) (\(detail); curl \(code.rawValue)).")
    }

    static func reason(_ code: CURLcode) -> HTTPFailure.Reason {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameNotFound
        case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_NO_CONNECTION_AVAILABLE: .notConnected
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            .untrusted
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND,
            CURLE_SSL_SHUTDOWN_FAILED:
            .connectionLost
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_OUT_OF_MEMORY, CURLE_BAD_FUNCTION_ARGUMENT,
            CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION:
            .unusable
        default: .garbled
        }
    }

    private static func words(_ reason: HTTPFailure.Reason, _ phase: HTTPFailure.Phase) -> String {
        switch reason {
        case .nameNotFound: "the name was not found"
        case .notConnected: "no connection"
        case .timedOut:
            phase <= .connecting ? "no connection in time" : phase == .sent ? "no answer in time" : "the answer stalled"
        case .untrusted: "no safe connection"
        case .connectionLost:
            phase == .answered ? "the answer broke off" : "the connection was lost before the answer"
        case .unusable: "it cannot be sent"
        default: "what came is no proper answer"
        }
    }
}
