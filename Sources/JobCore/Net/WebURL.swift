/// An absolute `http` or `https` URL, in the parts that decide who gets to see what.
///
/// Source: RFC 3986, 3. Nothing is decoded or encoded: what was written is what is sent.
public struct WebURL: Sendable, Hashable {
    /// The two protocols that are ever spoken.
    public enum Scheme: String, Sendable {
        case http, https

        var defaultPort: Int { self == .http ? 80 : 443 }
    }

    public let scheme: Scheme
    /// Lower case; an IPv6 address with its brackets.
    public let host: String
    public let port: Int
    /// As written, at least `/`.
    public let path: String
    /// What stands after `?`, as written; nil for no `?`.
    public let query: String?
    /// `name:password` as written, nil for none.
    private let userInfo: String?

    /// Nil when it is no such URL: another protocol, no host, a port that cannot be, blanks or control characters.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }),
            let colon = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased())
        else { return nil }
        let rest = text[colon.upperBound...]
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        let at = authority.lastIndex(of: "@")
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard let (host, port) = Self.hostAndPort(place, scheme) else { return nil }
        let target = rest[authorityEnd...].prefix { $0 != "#" }
        let question = target.firstIndex(of: "?")
        let path = target[..<(question ?? target.endIndex)]
        (self.scheme, self.host, self.port) = (scheme, host, port)
        self.path = path.isEmpty ? "/" : String(path)
        query = question.map { String(target[target.index(after: $0)...]) }
        userInfo = at.map { String(authority[..<$0]) }
    }

    /// The same place with other path and query, both in the form in which they are sent.
    public func with(path: String, query: String? = nil) -> WebURL {
        WebURL(scheme: scheme, host: host, port: port, path: path, query: query, userInfo: userInfo)
    }

    /// The same with another host in front of this one: `bucket.s3.example`.
    public func with(hostPrefix label: String) -> WebURL {
        WebURL(scheme: scheme, host: "\(label).\(host)", port: port, path: path, query: query, userInfo: userInfo)
    }

    private init(scheme: Scheme, host: String, port: Int, path: String, query: String?, userInfo: String?) {
        (self.scheme, self.host, self.port) = (scheme, host, port)
        (self.path, self.query, self.userInfo) = (path, query, userInfo)
    }

    /// The whole URL with all its secrets: for the wire only.
    public var text: String {
        let user = userInfo.map { $0 + "@" } ?? ""
        return "\(scheme.rawValue)://\(user)\(authority)\(path)\(query.map { "?" + $0 } ?? "")"
    }

    /// `host` or `host:port`, as in the header `Host`.
    public var authority: String { port == scheme.defaultPort ? host : "\(host):\(port)" }

    /// The URL as people may see it: without user name, password and query.
    public var shown: String { Redaction.redacted("\(scheme.rawValue)://\(authority)\(path)") }

    /// Whether both are the same protocol, host and port, so that what one may know the other may know.
    public func hasSameOrigin(as other: WebURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    private static func hostAndPort(_ place: Substring, _ scheme: Scheme) -> (String, Int)? {
        let afterHost: Substring.Index
        if place.first == "[" {
            guard let bracket = place.firstIndex(of: "]") else { return nil }
            afterHost = place.index(after: bracket)
        } else {
            afterHost = place.firstIndex(of: ":") ?? place.endIndex
        }
        let host = place[..<afterHost].lowercased()
        guard host.utf8.count > (place.first == "[" ? 2 : 0), host.utf8.count <= 255 else { return nil }
        let rest = place[afterHost...]
        if rest.isEmpty || rest == ":" { return (host, scheme.defaultPort) }
        guard rest.first == ":", rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(rest.dropFirst()), (1...65535).contains(port)
        else { return nil }
        return (host, port)
    }
}

extension WebURL {
    /// The URL that a `Location` header means when this one answered it; nil when it is no `http` or `https` URL.
    ///
    /// Source: RFC 3986, 5.2.
    public func resolving(_ reference: String) -> WebURL? {
        let reference = reference.prefix { $0 != "#" }
        if reference.hasPrefix("//") { return WebURL("\(scheme.rawValue):\(reference)") }
        let beginning = reference.prefix { !"/?".contains($0) }
        if beginning.contains(":") { return WebURL(reference) }
        let base = "\(scheme.rawValue)://\(authority)"
        if reference.isEmpty { return self }
        if reference.hasPrefix("?") { return WebURL(base + path + reference) }
        let question = reference.firstIndex(of: "?") ?? reference.endIndex
        let folder = reference.hasPrefix("/") ? "" : path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return WebURL(base + Self.withoutDots(folder + reference[..<question]) + reference[question...])
    }

    /// The path without `.` and `..`.
    private static func withoutDots(_ path: Substring) -> String {
        var parts: [Substring] = []
        let all = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (index, part) in zip(all.indices, all) {
            let isLast = index == all.indices.last
            switch part {
            case ".": if isLast { parts.append("") }
            case "..":
                _ = parts.popLast()
                if isLast { parts.append("") }
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}
