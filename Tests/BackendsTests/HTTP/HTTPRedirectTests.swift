import JobCore
import TestSupport
import Testing

@testable import Backends

@Suite("HTTP client: redirects and proxies", .timeLimit(.minutes(5)))
struct HTTPRedirectTests {
    let client = HTTPClient(environment: HTTPEnvironment())

    private func secretRequest(_ url: WebURL) -> HTTPRequest {
        HTTPRequest(
            .get, url, headers: ["Authorization": "Bearer hush", "Cookie": "a=b", "X-Key": "hush", "Accept": "a/b"])
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func redirect_toAnotherHost_dropsAllThatIsSecret(
        status: Int
    ) async throws {
        let other = try FakeHTTPServer { _ in .text(200, "there") }
        defer { other.stop() }
        let target = other.url("/file?sig=1")
        let server = try FakeHTTPServer { _ in .redirect(status, to: target) }
        defer { server.stop() }
        let response = try await client.send(secretRequest(url(server)))
        #expect(String(decoding: response.body, as: UTF8.self) == "there" && response.head.url.text == target)
        let names = try #require(other.requests.first).headers.map { $0.name.lowercased() }.sorted()
        #expect(names == ["accept", "host", "user-agent"])
        #expect(server.requests.first?["Authorization"] == "Bearer hush")
    }

    @Test func redirect_onTheSameHost_keepsTheHeaders() async throws {
        let server = try FakeHTTPServer { request in
            request.path == "/a/b" ? .redirect(to: "../c?d=e#f") : .text(200, request.target)
        }
        defer { server.stop() }
        let response = try await client.send(secretRequest(url(server, "/a/b")))
        #expect(String(decoding: response.body, as: UTF8.self) == "/c?d=e")
        #expect(server.requests.last?["Authorization"] == "Bearer hush")
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x", "http://", "http://a b/"])
    func redirect_toAnotherProtocol_isRefused(location: String) async throws {
        let server = try FakeHTTPServer { _ in .redirect(to: location) }
        defer { server.stop() }
        let failure = await httpFailure { () throws(HTTPFailure) in
            try await client.send(HTTPRequest(.get, url(server)))
        }
        #expect(failure?.reason == .badRedirect && failure?.isRetryable == false)
    }

    @Test func redirects_upToTheLimit_areFollowed() async throws {
        let server = try FakeHTTPServer { request in
            let rest = Int(request.path.dropFirst()) ?? 0
            return rest == 0 ? .text(200, "end") : .redirect(to: "/\(rest - 1)")
        }
        defer { server.stop() }
        #expect(try await client.send(HTTPRequest(.get, url(server, "/5"))).status == 200)
        let failure = await httpFailure { () throws(HTTPFailure) in
            try await client.send(HTTPRequest(.get, url(server, "/6")))
        }
        #expect(failure?.reason == .badRedirect)
    }

    @Test func bodyOfARedirect_neverReachesTheSink() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { $0.path == "/a" ? .redirect(to: "/b") : .text(200, "film") }
            defer { server.stop() }
            let request = HTTPRequest(.get, url(server, "/a"))
            let file = try await client.download(request, to: scratch.path + "/film")
            #expect(file.size == 4 && file.head.url.path == "/b")
        }
    }

    @Test func proxy_fromTheEnvironment_getsTheRequest_butNotForExceptions() async throws {
        let proxy = try FakeHTTPServer { _ in .text(200, "from the proxy") }
        defer { proxy.stop() }
        let direct = try FakeHTTPServer { _ in .text(200, "direct") }
        defer { direct.stop() }
        let client = HTTPClient(
            environment: HTTPEnvironment(["http_proxy": proxy.url(""), "NO_PROXY": "localhost,127.0.0.1"]))
        let far = try await client.send(HTTPRequest(.get, webURL("http://films.invalid/a")))
        #expect(String(decoding: far.body, as: UTF8.self) == "from the proxy")
        #expect(proxy.requests.map(\.target) == ["http://films.invalid/a"])
        let near = try await client.send(HTTPRequest(.get, url(direct)))
        #expect(String(decoding: near.body, as: UTF8.self) == "direct" && proxy.requests.count == 1)
    }

    @Test func environment_readsTheNamesThatCurlReads() {
        let all = HTTPEnvironment([
            "CURL_CA_BUNDLE": "/a", "SSL_CERT_FILE": "/b", "http_proxy": "p1", "HTTP_PROXY": "evil",
            "HTTPS_PROXY": "p2", "no_proxy": "x", "https_proxy": "",
        ])
        #expect(all.certificates == "/a" && all.httpProxy == "p1" && all.httpsProxy == "p2" && all.withoutProxy == "x")
        #expect(HTTPEnvironment(["HTTP_PROXY": "evil", "SSL_CERT_FILE": "/b"]).httpProxy == nil)
        #expect(HTTPEnvironment(["SSL_CERT_FILE": "/b"]).certificates == "/b")
        #expect(HTTPEnvironment([:]) == HTTPEnvironment())
    }
}
