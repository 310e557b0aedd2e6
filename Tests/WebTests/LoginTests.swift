import JobCore
import Testing

@testable import Web

/// Links that let a browser in, and pages of other sites that may ask.
@Suite struct LoginTests {
    private let token = "correct-horse-battery-staple"
    private let start = Timestamp(milliseconds: 1_000_000_000)

    private func later(_ seconds: Int64) -> Timestamp { start.advanced(byMilliseconds: seconds * 1000) }

    @Test func link_isGoodOnce_forTenMinutes_andForItsDaemonAlone() {
        let rule = LoginRule(token: token, port: 8000, start: start)
        let link = rule.link(at: start)
        #expect(rule.cookie(forLink: link, at: later(600)) != nil)
        #expect(rule.cookie(forLink: link, at: later(600)) == nil)
        #expect(rule.cookie(forLink: rule.link(at: start), at: later(601)) == nil)
        #expect(rule.cookie(forLink: rule.link(at: later(-1)), at: start) == nil)
        #expect(
            rule.cookie(forLink: LoginRule(token: "another", port: 8000, start: start).link(at: start), at: start)
                == nil)
        for wrong in ["", "x", ".", "..", "a.b.c", link + "0", String(link.dropLast())] {
            #expect(rule.cookie(forLink: wrong, at: start) == nil)
        }
    }

    @Test func cookie_letsInUntilItsEnd_alsoAfterARestart_andIsNoLink() throws {
        let rule = LoginRule(token: token, port: 8000, start: start)
        let header = try #require(rule.cookie(forLink: rule.link(at: start), at: start))
        #expect(header.contains("; HttpOnly; SameSite=Strict"))
        let cookie = String(header.prefix { $0 != ";" })
        #expect(cookie.hasPrefix("kinospool_8000="))
        let next = LoginRule(token: token, port: 8000, start: later(60))
        let month = LoginTicket.sessionLifetime.milliseconds / 1000
        #expect(next.allows(cookies: "a=b; \(cookie); c", at: later(month)))
        #expect(!next.allows(cookies: cookie, at: later(month + 1)))
        #expect(!next.allows(cookies: cookie + "0", at: start))
        #expect(!next.allows(cookies: nil, at: start))
        #expect(!LoginRule(token: "another", port: 8000, start: start).allows(cookies: cookie, at: start))
        #expect(rule.cookie(forLink: String(cookie.dropFirst("kinospool_8000=".count)), at: start) == nil)
        let link = rule.link(at: start)
        #expect(!rule.allows(cookies: "kinospool_8000=\(link)", at: start))
    }

    @Test(arguments: [
        ("http://localhost:5173", true), ("HTTPS://Studio.example", true), ("http://localhost:5174", false),
        ("https://studio.example.evil.test", false), ("null", false), ("*", false),
    ])
    func cors_isForListedOriginsAlone(origin: String, isAllowed: Bool) {
        let rule = CORSRule(origins: ["http://localhost:5173", "https://studio.example"])
        #expect(rule.allows(origin) == isAllowed)
        #expect(!rule.allows(nil) && !CORSRule(origins: []).allows(origin))
    }

    @Test(arguments: [
        ("http://localhost:5173", true), ("https://a.example,http://b.example:81", true), ("*", false),
        ("null", false), ("https://a.example/", false), ("https://a.example/x", false), ("a.example", false),
        ("https://a.example:443", false), ("https://u@a.example", false), ("file://x", false),
    ])
    func setting_takesOriginsAlone(text: String, isOne: Bool) {
        let settings = try? Settings.resolve(flags: [.corsOrigins: text], environment: [:], envFile: [:])
        #expect((settings != nil) == isOne)
    }
}
