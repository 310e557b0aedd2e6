import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

@Suite("HTTP client", .timeLimit(.minutes(5)))
struct HTTPClientTests {
    /// No proxy and no certificates of the machine that runs the tests.
    let client = HTTPClient(environment: HTTPEnvironment())

    @Test func get_givesStatusHeadersAndBody() async throws {
        let server = try FakeHTTPServer { _ in .text(200, "hello", headers: [("X-One", " 1 "), ("Retry-After", "7")]) }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(.get, url(server, "/a?b=c%20d")))
        #expect(response.status == 200 && String(decoding: response.body, as: UTF8.self) == "hello")
        #expect(response.headers["x-one"] == "1")
        #expect(response.head.retryAfter(now: Timestamp(milliseconds: 0)) == .seconds(7))
        #expect(server.requests.map(\.method) == ["GET"] && server.requests.map(\.target) == ["/a?b=c%20d"])
        #expect(server.requests[0]["User-Agent"]?.hasPrefix("kinospool/") == true)
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"]) func body_fromMemory_arrivesWhole(method: String) async throws
    {
        let server = try FakeHTTPServer { .json(200, #"{"n":\#($0.body.count)}"#) }
        defer { server.stop() }
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let kind = try #require(HTTPRequest.Method(rawValue: method))
        let response = try await client.send(HTTPRequest(kind, url(server), body: .bytes(bytes)))
        #expect(response.json?.object?["n"]?.integer == 300_000)
        #expect(server.requests.first?.body == bytes && server.requests.first?.method == method)
        #expect(server.requests.first?["Expect"] == nil && server.requests.first?["Content-Type"] == nil)
    }

    @Test func postJSON_saysItsType_andFollowsNoRedirect() async throws {
        let server = try FakeHTTPServer { _ in .redirect(307, to: "/other") }
        defer { server.stop() }
        let response = try await client.send(.postJSON(.object(["a": .integer(1)]), to: url(server)))
        #expect(response.status == 307 && server.requests.count == 1)
        #expect(server.requests[0].text == #"{"a":1}"# && server.requests[0]["Content-Type"] == "application/json")
    }

    @Test func body_fromAFile_isThePartThatWasAskedFor() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { _ in .text(200, "") }
            defer { server.stop() }
            let path = scratch.path + "/data"
            try Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0) }).write(to: URL(filePath: path))
            let request = HTTPRequest(.put, url(server), body: .file(path: path, offset: 1000, length: 150_000))
            _ = try await client.send(request)
            #expect(try server.requests.first?.body == Array(scratch.bytes(path)[1000..<151_000]))
        }
    }

    @Test func manyAtOnce_allAnswer() async throws {
        let server = try FakeHTTPServer { .text(200, $0.path) }
        defer { server.stop() }
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<50 {
                let request = HTTPRequest(.get, url(server, "/\(index)"))
                group.addTask { String(decoding: try await client.send(request).body, as: UTF8.self) }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(answers == Set((0..<50).map { "/\($0)" }))
    }

    @Test func overIPv6_works() async throws {
        guard let server = try? FakeHTTPServer(isIPv6: true, handler: { .text(200, $0["Host"] ?? "") }) else { return }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(.get, url(server)))
        #expect(String(decoding: response.body, as: UTF8.self) == "[::1]:\(server.port)")
    }
}

/// A URL of the fake server.
func url(_ server: FakeHTTPServer, _ path: String = "/") -> WebURL { webURL(server.url(path)) }

/// A URL that a test knows to be one.
func webURL(_ text: String) -> WebURL {
    guard let url = WebURL(text) else { preconditionFailure("\(text) is no URL") }
    return url
}

/// The failure of a request that must fail.
func httpFailure<Answer>(_ body: () async throws(HTTPFailure) -> Answer) async -> HTTPFailure? {
    do throws(HTTPFailure) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}
