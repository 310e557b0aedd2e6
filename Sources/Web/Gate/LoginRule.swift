import JobCore
import Synchronization

/// Browsers that were let in by a link: `<video>` and `EventSource` cannot send a bearer token, but cookies.
final class LoginRule: Sendable {
    private let ticket: LoginTicket
    private let port: Int
    /// Links made before the daemon started may have been used then.
    private let start: Timestamp
    private let used = Mutex<[String: Timestamp]>([:])

    /// - Parameter port: names the cookie; browsers do not tell the ports of a machine apart.
    init(token: String, port: Int, start: Timestamp) {
        (ticket, self.port, self.start) = (LoginTicket(token: token), port, start)
    }

    /// A link's `t`, good once.
    func link(at now: Timestamp) -> String { ticket.link(at: now, nonce: Self.nonce()) }

    /// Exchanges a link for `Set-Cookie`; nil when it is not good (any more).
    func cookie(forLink text: String, at now: Timestamp) -> String? {
        guard let (madeAt, nonce) = ticket.readLink(text, at: now), madeAt >= start else { return nil }
        let isFirst = used.withLock { used in
            used = used.filter { now.milliseconds - $0.value.milliseconds <= LoginTicket.linkLifetime.milliseconds }
            return used.updateValue(madeAt, forKey: nonce) == nil
        }
        guard isFirst else { return nil }
        let age = LoginTicket.sessionLifetime.milliseconds / 1000
        let value = ticket.session(at: now, nonce: Self.nonce())
        return "\(name)=\(value); Path=/; Max-Age=\(age); HttpOnly; SameSite=Strict"
    }

    /// - Parameter cookies: the header `Cookie`.
    func allows(cookies: String?, at now: Timestamp) -> Bool {
        (cookies ?? "").split(separator: ";").contains { pair in
            let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            return parts.count == 2 && parts[0] == name && ticket.isSession(String(parts[1]), at: now)
        }
    }

    private var name: String { "kinospool_\(port)" }

    private static func nonce() -> String {
        String(UInt64.random(in: 0 ... .max), radix: 36) + String(UInt64.random(in: 0 ... .max), radix: 36)
    }
}
