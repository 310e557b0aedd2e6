import JobCore

/// The bearer token, compared without telling by the time it takes how much of it was right.
struct TokenRule: Sendable {
    private let digest: [UInt8]

    init(token: String) { digest = Self.digest(of: token) }

    /// - Parameter authorization: the header; `Bearer TOKEN`.
    func allows(authorization: String?) -> Bool {
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
        let offered = Self.digest(of: String(authorization.dropFirst("bearer ".count)))
        return zip(offered, digest).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func digest(of token: String) -> [UInt8] {
        var hash = SHA256()
        hash.update(token.utf8)
        return hash.digest()
    }
}
