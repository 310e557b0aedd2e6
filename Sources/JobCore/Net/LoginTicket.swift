/// What lets a browser in that cannot send a bearer token: a link that works once, and the cookie it is exchanged for.
///
/// Both are made from the token alone, so any program that may read the token file can make a link for a daemon that
/// runs, and a new token ends all of them.
public struct LoginTicket: Sendable {
    private let key: [UInt8]

    /// A link is good for so long; the cookie for so long.
    public static let linkLifetime = Duration.seconds(600), sessionLifetime = Duration.seconds(30 * 86_400)

    public init(token: String) { key = Array(token.utf8) }

    /// A link's `t`. - Parameter nonce: no two may be equal; letters and digits.
    public func link(at now: Timestamp, nonce: String) -> String { signed("login", "\(now.milliseconds)", nonce) }

    /// When a link was made and its nonce; nil when it is none of ours, too old, or from the future.
    public func readLink(_ text: String, at now: Timestamp) -> (madeAt: Timestamp, nonce: String)? {
        guard let (time, nonce) = read("login", text), time <= now.milliseconds + 60_000,
            now.milliseconds - time <= Self.linkLifetime.milliseconds
        else { return nil }
        return (Timestamp(milliseconds: time), nonce)
    }

    /// A cookie's value.
    public func session(at now: Timestamp, nonce: String) -> String {
        signed("session", "\(now.milliseconds)", nonce)
    }

    /// Whether a cookie lets its browser in.
    public func isSession(_ text: String, at now: Timestamp) -> Bool {
        guard let (time, _) = read("session", text) else { return false }
        return time <= now.milliseconds + 60_000 && now.milliseconds - time <= Self.sessionLifetime.milliseconds
    }

    private func signed(_ purpose: String, _ time: String, _ nonce: String) -> String {
        let seal = HMAC.sha256(key: key, "kinospool.\(purpose).\(time).\(nonce)".utf8)
        let digits = seal.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\(time).\(nonce).\(digits)"
    }

    private func read(_ purpose: String, _ text: String) -> (Int64, String)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let time = Int64(parts[0]), parts[0] == "\(time)",
            (1...64).contains(parts[1].utf8.count),
            Self.isSame(signed(purpose, parts[0], parts[1]), text)
        else { return nil }
        return (time, parts[1])
    }

    /// Takes as long for a wrong text as for the right one.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        let (left, right) = (Array(one.utf8), Array(other.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
