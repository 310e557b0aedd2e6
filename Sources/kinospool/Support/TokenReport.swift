import Foundation
import Glibc
import JobCore

/// `kinospool config token`: where the token lies, a new one, or a link for a browser. The token itself is never shown.
struct TokenReport {
    let session: Session

    func exit(isNew: Bool, isLink: Bool) throws -> Exit {
        if isNew { try makeNew() }
        let token = try TokenFile.read(path)
        let line = isLink ? try link(token) : path
        if session.console.isJSON {
            session.console.data(["v": 1, (isLink ? "link" : "path"): .string(line)])
        } else {
            session.console.data(line)
        }
        if isNew {
            let isSet = session.settings[.tokenFile] != nil
            session.console.note(
                isSet
                    ? "A daemon that runs uses it from its next start on."
                    : "Put this into .env: KINOSPOOL_TOKEN_FILE=\(path)")
        }
        return .done
    }

    /// As set, else where settings of a person lie.
    private var path: String {
        if let set = session.settings[.tokenFile] { return LocalPath.absolute(set) }
        let environment = ProcessInfo.processInfo.environment
        let own = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let base = own ?? "\(environment["HOME"] ?? "~")/.config"
        return LocalPath.absolute("\(base)/kinospool/token")
    }

    private func makeNew() throws {
        // Spools are copied to other machines, and so would be the token.
        guard !"\(path)/".hasPrefix("\(session.root)/") else {
            throw Failure(
                .configError, "KINOSPOOL_TOKEN_FILE: \(path) lies in the spool, which backups copy.",
                hint: "Name a file outside of \(session.root).")
        }
        try TokenFile.write(path)
    }

    /// Any daemon that reads the same token file takes it.
    private func link(_ token: String) throws -> String {
        let settings = session.settings
        guard settings.port != 0 || settings.webhooks.base != nil else {
            throw Failure(
                .configError, "KINOSPOOL_PORT is 0: where the daemon listens only the daemon knows.",
                hint: "Set KINOSPOOL_PORT or KINOSPOOL_PUBLIC_URL.")
        }
        let everywhere = ["0.0.0.0": "127.0.0.1", "::": "[::1]"]
        let host = everywhere[settings.host] ?? (settings.host.contains(":") ? "[\(settings.host)]" : settings.host)
        let base = settings.webhooks.base ?? "http://\(host):\(settings.port)"
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let nonce = TokenFile.randomText(bytes: 12)
        return "\(base)/login?t=\(LoginTicket(token: token).link(at: now, nonce: nonce))"
    }
}
