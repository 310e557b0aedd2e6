/// A URL as strangers may see it: without user name, password and signature.
enum PublicURL {
    /// Names of query items that sign a request, or let somebody in; `x-amz-` and `x-goog-` are beginnings.
    private static let signingEndings = [
        "signature", "token", "credential", "secret", "password", "key", "auth", "hmac", "policy", "key-pair-id",
    ]

    /// The text without what must not travel; nil when it is no URL. A signed query goes as a whole.
    static func text(_ url: String) -> String? {
        guard let colon = url.firstRange(of: "://"), colon.lowerBound > url.startIndex,
            url[..<colon.lowerBound].utf8.allSatisfy(isSchemeByte), !url.contains(where: \.isWhitespace)
        else { return nil }
        let rest = url[colon.upperBound...]
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let path = rest[authorityEnd...]
        let place = path.prefix { $0 != "?" && $0 != "#" }
        let items = path[place.endIndex...].split { "?&;#".contains($0) }
        return String(url[..<colon.upperBound] + host + (items.contains(where: isSigning) ? place : path))
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        let character = Character(Unicode.Scalar(byte))
        return byte < 0x80 && (character.isLetter || character.isNumber || "+-.".contains(character))
    }

    private static func isSigning(_ item: Substring) -> Bool {
        let name = item.prefix { $0 != "=" }.lowercased().replacing("%2d", with: "-").replacing("_", with: "-")
        return name == "sig" || name.hasPrefix("x-amz-") || name.hasPrefix("x-goog-")
            || signingEndings.contains { name.hasSuffix($0) }
    }
}
