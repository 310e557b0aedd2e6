/// A RunPod Serverless endpoint by its base URL, `https://api.runpod.ai/v2/ENDPOINT_ID`, and the URLs below it.
/// Source: https://docs.runpod.io/serverless/endpoints/operation-reference
public struct RunPodEndpoint: Sendable, Equatable {
    /// Without a slash at the end.
    public let baseURL: String
    /// The last part of the URL.
    public let id: String
    /// `api.runpod.ai`, with the port where one is named.
    public let host: String

    /// - Parameter setting: the name of the setting the text came from, for the message.
    /// - Throws: `config_error` when the key would travel unprotected, or no endpoint is named.
    public init(_ text: String, setting: String = "RUNPOD_ENDPOINT") throws(Failure) {
        func wrong(_ why: String) -> Failure {
            Failure(
                .configError, "\(setting) \(why) (is \"\(text.prefix(200))\").",
                hint: "It looks like https://api.runpod.ai/v2/ENDPOINT_ID, without /run at the end.")
        }
        guard let colon = text.firstRange(of: "://") else { throw wrong("must be a URL") }
        let scheme = text[..<colon.lowerBound].lowercased()
        var parts = text[colon.upperBound...].split(separator: "/").map(String.init)
        guard !parts.isEmpty, !text.contains("@"), !text.contains("?"), !text.contains("#") else {
            throw wrong("must be a URL without user, \"?\" and \"#\"")
        }
        host = parts.removeFirst().lowercased()
        guard scheme == "https" || (scheme == "http" && Self.isLoopback(host)) else {
            throw wrong("must begin with https://, so that the key cannot be read on the way")
        }
        guard let id = parts.last, id.utf8.allSatisfy(Self.isPlain), !Self.operations.contains(id), id != "v2" else {
            throw wrong("must end with the id of an endpoint")
        }
        self.id = id
        baseURL = "\(scheme)://\(host)/\(parts.joined(separator: "/"))"
    }

    private static let operations = ["run", "runsync", "status", "cancel", "health", "requests", "stream"]

    public var run: String { "\(baseURL)/run" }
    public var health: String { "\(baseURL)/health" }
    /// Undocumented: the only list of what the endpoint was asked.
    public var requests: String { "\(baseURL)/requests" }
    public func status(_ runID: String) -> String { "\(baseURL)/status/\(runID)" }
    public func cancel(_ runID: String) -> String { "\(baseURL)/cancel/\(runID)" }

    /// Whether a name of a run can stand in a URL as it is; RunPod's look like `0d12…-u1`.
    public static func isLegal(runID: String) -> Bool {
        (1...128).contains(runID.utf8.count) && runID.utf8.allSatisfy(isPlain) && runID != "." && runID != ".."
    }

    private static func isLoopback(_ host: String) -> Bool {
        let name = host.hasPrefix("[") ? String(host.prefix { $0 != "]" }) + "]" : String(host.prefix { $0 != ":" })
        return name == "localhost" || name == "[::1]" || name.hasPrefix("127.")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
