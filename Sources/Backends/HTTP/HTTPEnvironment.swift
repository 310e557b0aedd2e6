import Glibc
import JobCore

/// How this machine reaches others, as the environment says: the names that curl and wget use.
public struct HTTPEnvironment: Sendable, Equatable {
    /// Absolute path of the certificates to trust, nil for the system's: `CURL_CA_BUNDLE`, else `SSL_CERT_FILE`.
    public var certificates: String?
    /// `http_proxy`; in capitals it is not read, a CGI server would let a client set it (https://httpoxy.org).
    public var httpProxy: String?
    /// `https_proxy` or `HTTPS_PROXY`.
    public var httpsProxy: String?
    /// Hosts that are reached without a proxy, with commas: `no_proxy` or `NO_PROXY`.
    public var withoutProxy: String?

    /// No proxy, the system's certificates.
    public init() {}

    /// - Parameter variables: the environment; an empty text counts as none.
    public init(_ variables: [String: String]) {
        func first(_ names: String...) -> String? {
            names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
        }
        certificates = first("CURL_CA_BUNDLE", "SSL_CERT_FILE")
        httpProxy = first("http_proxy", "all_proxy", "ALL_PROXY")
        httpsProxy = first("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        withoutProxy = first("no_proxy", "NO_PROXY")
    }

    /// That of this process.
    public static var process: HTTPEnvironment {
        var variables: [String: String] = [:]
        for name in [
            "CURL_CA_BUNDLE", "SSL_CERT_FILE", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
            "no_proxy", "NO_PROXY",
        ] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return HTTPEnvironment(variables)
    }

    func proxy(for url: WebURL) -> String { (url.scheme == .https ? httpsProxy : httpProxy) ?? "" }
}
