import Testing

@testable import Web

/// Who may call, by what the request says of itself.
@Suite struct GateTests {
    private let rule = HostRule(host: "127.0.0.1", port: 8000, allowed: ["box.lan", "films.example:443"])

    @Test(arguments: [
        "127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000", "box.lan:8000", "Box.Lan:8000",
        "films.example:443",
    ])
    func host_ofOurs_passes(host: String) { #expect(rule.verdict(host) == .ours) }

    @Test(arguments: [
        "evil.test:8000", "127.0.0.1", "127.0.0.1:8001", "127.0.0.1.evil.test:8000", "localhost.:8000",
        "localhost.evil.test:8000", "films.example:8000", "::1:8000", "[::1:8000", "[::2]:8000", "", ":8000",
        "127.0.0.1:8000:8000", "127.0.0.1:8000/", "user@127.0.0.1:8000", "127.0.0.1:+8000", "127.0.0.2:8000",
        "10.0.0.1:8000", "localhost:08000x",
    ])
    func host_ofSomebodyElse_isRefused(host: String) { #expect(rule.verdict(host) == .foreign) }

    @Test func host_boundToEveryAddress_isAnyAddressAndNoName() {
        let rule = HostRule(host: "0.0.0.0", port: 8000, allowed: [])
        for host in ["192.168.1.5:8000", "[fe80::1]:8000", "localhost:8000"] { #expect(rule.verdict(host) == .ours) }
        for host in ["box.lan:8000", "192.168.1.5:80", "1.2.3:8000", "1.2.3.4.evil.test:8000", "[evil]:8000"] {
            #expect(rule.verdict(host) == .foreign)
        }
    }

    @Test func host_onPort80_needsNoPort() {
        let rule = HostRule(host: "127.0.0.1", port: 80, allowed: [])
        #expect(rule.verdict("localhost") == .ours)
    }

    @Test(
        arguments: [
            (nil, nil, true), ("http://127.0.0.1:8000", "same-origin", true), (nil, "none", true),
            ("HTTP://127.0.0.1:8000", nil, true), ("http://evil.test", "cross-site", false),
            ("http://127.0.0.1:9000", "same-site", false), ("http://evil.test", nil, false), ("null", nil, false),
            ("http://127.0.0.1", nil, false), (nil, "cross-site", false), (nil, "same-site", false),
            ("file://", nil, false), ("http://127.0.0.1:8000", "cross-site", false),
        ] as [(String?, String?, Bool)])
    func origin_table(origin: String?, site: String?, isAllowed: Bool) {
        #expect(OriginRule.allows(origin: origin, site: site, host: "127.0.0.1:8000") == isAllowed)
    }

    @Test func token_isTakenWholeAndAsBearer() {
        let rule = TokenRule(token: "correct-horse-battery")
        #expect(rule.allows(authorization: "Bearer correct-horse-battery"))
        #expect(rule.allows(authorization: "bearer correct-horse-battery"))
        for wrong in [nil, "", "Bearer", "Bearer ", "correct-horse-battery", "Bearer correct-horse", "Basic eDp5"] {
            #expect(!rule.allows(authorization: wrong))
        }
    }

    @Test func tally_forgetsAfterAMinute() {
        let (tally, now) = (FailureTally(), ContinuousClock.now)
        for _ in 0..<FailureTally.limit { tally.note(at: now) }
        #expect(tally.isExceeded(at: now + .seconds(59)))
        #expect(!tally.isExceeded(at: now + .seconds(61)))
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.8.8.8", true), ("localhost", true), ("::1", true), ("0.0.0.0", false),
        ("192.168.1.5", false), ("::", false), ("box.lan", false), ("127.evil.test", false),
    ])
    func loopback_isWhatOnlyThisMachineReaches(host: String, isLoopback: Bool) {
        #expect(WebServer.isLoopback(host) == isLoopback)
    }
}
