import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite("HTTP client: bad luck", .timeLimit(.minutes(5)))
struct HTTPFaultTests {
    let client = HTTPClient(environment: HTTPEnvironment())

    private func post(_ url: WebURL) -> HTTPRequest { .postJSON(.object(["prompt": .string("x")]), to: url) }

    @Test func refused_isKnownToHaveSentNothing() async throws {
        let port = try FakeHTTPServer.DeadPort()
        let request = post(webURL("http://127.0.0.1:\(port.number)/v2/x/run?token=hush"))
        let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .notConnected && failure?.phase == .connecting && failure?.isRetryable == true)
        #expect(failure?.mayHaveArrived == false)
        #expect(failure?.message.hasPrefix("POST http://127.0.0.1:\(port.number)/v2/x/run: no connection") == true)
        #expect(failure?.message.contains("hush") == false)
    }

    @Test func unknownName_isKnownToHaveSentNothing() async throws {
        let request = post(webURL("http://nobody.invalid/run"))
        let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .nameNotFound && failure?.phase == .preparing && failure?.mayHaveArrived == false)
    }

    @Test func tlsToAServerWithoutIt_isUntrusted_andSentNothing() async throws {
        let server = try FakeHTTPServer(welcome: { _ in .resetAfter(bytes: 1) }) { _ in .text(200, "") }
        defer { server.stop() }
        let request = post(webURL("https://127.0.0.1:\(server.port)/run"))
        let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .untrusted && failure?.mayHaveArrived == false, "\(failure as Any)")
    }

    @Test func connectionLost_atOnce_isLostBeforeOrAfterTheFirstByte() async throws {
        let server = try FakeHTTPServer(welcome: { _ in .reset }) { _ in .text(200, "") }
        defer { server.stop() }
        let request = post(url(server))
        let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
        // Which of the two depends on when the reset is seen; what is told must fit to it.
        #expect(failure?.reason == (failure?.mayHaveArrived == true ? .connectionLost : .notConnected))
        #expect(failure?.isRetryable == true && server.connections == 1)
    }

    @Test(arguments: [FakeHTTPServer.Welcome.resetAfter(bytes: 1), .resetAfter(bytes: 20_000)])
    func connectionLost_beforeAnAnswer_mayHaveArrived(welcome: FakeHTTPServer.Welcome) async throws {
        let server = try FakeHTTPServer(welcome: { _ in welcome }) { _ in .text(200, "") }
        defer { server.stop() }
        let request = HTTPRequest(.post, url(server), body: .bytes(Array(repeating: 7, count: 2_000_000)))
        let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .connectionLost && failure?.phase == .sent && failure?.mayHaveArrived == true)
        #expect(server.connections == 1)
    }

    @Test(arguments: [FakeHTTPReply.reset, .close]) func connectionLost_afterTheRequest_isNotSentAgain(
        reply: FakeHTTPReply
    ) async throws {
        let server = try FakeHTTPServer { $0.number == 1 ? .text(200, "warm") : reply }
        defer { server.stop() }
        // The first request leaves a connection that libcurl would like to use, and to replace when it is dead.
        _ = try await client.send(HTTPRequest(.get, url(server)))
        let request = post(url(server))
        let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .connectionLost && failure?.mayHaveArrived == true)
        #expect(server.requests.map(\.method) == ["GET", "POST"])
    }

    @Test func answerThatBreaksOff_isLostAfterAnswered() async throws {
        let half = FakeHTTPReply.head(200, [("Content-Length", "100")]) + Array("half".utf8)
        let chunked =
            FakeHTTPReply.head(200, [("Transfer-Encoding", "chunked")])
            + FakeHTTPReply.chunks([Array("half".utf8)], isWhole: false)
        for bytes in [half, chunked] {
            for end in [FakeHTTPReply.Step.close, .reset] {
                let server = try FakeHTTPServer { _ in FakeHTTPReply([.send(bytes), end]) }
                defer { server.stop() }
                let request = HTTPRequest(.get, url(server))
                let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
                #expect(failure?.reason == .connectionLost, "\(failure as Any)")
                #expect(failure?.phase == .answered && failure?.mayHaveArrived == true)
            }
        }
    }

    @Test(arguments: ["hello\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0-x\r\n"])
    func whatIsNoHTTP_isGarbled(text: String) async throws {
        let server = try FakeHTTPServer { _ in FakeHTTPReply([.send(Array(text.utf8)), .close]) }
        defer { server.stop() }
        let request = HTTPRequest(.get, url(server))
        let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .garbled && failure?.mayHaveArrived == true, "\(failure as Any)")
    }

    @Test func chunkedAndInterimAnswers_areRead() async throws {
        let server = try FakeHTTPServer { request in
            let interim = Array("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n".utf8)
            let body =
                FakeHTTPReply.head(200, [("Transfer-Encoding", "chunked")])
                + FakeHTTPReply.chunks([Array("he".utf8), Array("llo".utf8)])
            return FakeHTTPReply([.drip(interim + body, piece: 1)])
        }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(.get, url(server)))
        #expect(String(decoding: response.body, as: UTF8.self) == "hello" && response.headers["X-Early"] == nil)
    }

    @Test func headAtItsLimit_isRead_andBeyondItIsRefused() async throws {
        let server = try FakeHTTPServer { request in
            let wanted = Int(request.path.dropFirst()) ?? 0
            let lines = (0..<7).map { ("X-\($0)", String(repeating: "a", count: 9000)) }
            let rest = wanted - FakeHTTPReply.head(200, lines + [("Content-Length", "0"), ("X-R", "")]).count
            let more = ("X-R", String(repeating: "b", count: rest))
            return FakeHTTPReply([.send(FakeHTTPReply.head(200, lines + [("Content-Length", "0"), more]))])
        }
        defer { server.stop() }
        let limit = CurlTransfer.maximumHead
        #expect(try await client.send(HTTPRequest(.get, url(server, "/\(limit)"))).status == 200)
        let request = HTTPRequest(.get, url(server, "/\(limit + 1)"))
        let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .garbled && failure?.isRetryable == true)
    }

    @Test(arguments: [true, false]) func bodyAtItsLimit_isRead_andBeyondItIsTooLarge(hasLength: Bool) async throws {
        let server = try FakeHTTPServer { request in
            let body = [UInt8](repeating: 1, count: Int(request.path.dropFirst()) ?? 0)
            return hasLength ? .bytes(200, body) : .chunked(200, [body])
        }
        defer { server.stop() }
        var request = HTTPRequest(.get, url(server, "/100000"))
        request.maximumBody = 100_000
        #expect(try await client.send(request).body.count == 100_000)
        request.url = url(server, "/100001")
        let failure = await httpFailure { [request] () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .tooLarge && failure?.isRetryable == false)
    }

    @Test func errorPage_comesWithItsExcerpt_cutAtAMebibyte() async throws {
        let page = "<html><body>\n  Bad gateway rpa_ABCDEFGHIJKLMNOP " + String(repeating: "x", count: 2 << 20)
        let server = try FakeHTTPServer { _ in .text(502, page, headers: [("Content-Type", "text/html")]) }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(.get, url(server)))
        #expect(response.status == 502 && response.body.count == CurlTransfer.maximumErrorBody && response.json == nil)
        #expect(response.excerpt.hasPrefix("<html><body> Bad gateway \(Redaction.mask) xxx"))
        #expect(response.excerpt.count == 200)
    }

    @Test func hang_endsAtTheLimits_andSaysHowFarItWas() async throws {
        let server = try FakeHTTPServer { request in
            request.path == "/silent" ? .hang : FakeHTTPReply([.send(FakeHTTPReply.head(200, [])), .hang])
        }
        defer { server.stop() }
        var request = HTTPRequest(.get, url(server, "/silent"))
        request.limits.whole = .milliseconds(50)
        let silent = await httpFailure { [request] () throws(HTTPFailure) in try await client.send(request) }
        #expect(silent?.reason == .timedOut && silent?.phase == .sent && silent?.isRetryable == true)
        request.url = url(server, "/stalled")
        (request.limits.whole, request.limits.stall) = (nil, .seconds(1))
        let stalled = await httpFailure { [request] () throws(HTTPFailure) in try await client.send(request) }
        #expect(stalled?.reason == .timedOut && stalled?.phase == .answered)
    }

    @Test func hangOfTheHandshake_endsAtTheConnectLimit() async throws {
        let server = try FakeHTTPServer(welcome: { _ in .hang }) { _ in .text(200, "") }
        defer { server.stop() }
        var request = post(webURL("https://127.0.0.1:\(server.port)/run"))
        request.limits.connect = .milliseconds(50)
        let failure = await httpFailure { [request] () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .timedOut && failure?.phase == .connecting && failure?.mayHaveArrived == false)
    }

    @Test func cancel_whileItHangs_endsItAtOnce() async throws {
        let server = try FakeHTTPServer { _ in .hang }
        defer { server.stop() }
        let request = post(url(server))
        let task = Task { await httpFailure { () throws(HTTPFailure) in try await client.send(request) } }
        await server.received(1)
        task.cancel()
        let failure = await task.value
        #expect(failure?.reason == .cancelled && failure?.mayHaveArrived == true)
        #expect(failure?.error(.runpodSubmitError) is CancellationError)
    }

    @Test func cancel_beforeItBegins_sendsNothing() async throws {
        let server = try FakeHTTPServer { _ in .text(200, "") }
        defer { server.stop() }
        let request = post(url(server))
        let start = Gate()
        let task = Task {
            await start.passed()
            return await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
        }
        task.cancel()
        start.open()
        let failure = await task.value
        #expect(failure?.reason == .cancelled && failure?.mayHaveArrived == false && server.connections == 0)
    }

    @Test func closedClient_letsNobodyWait() async throws {
        let server = try FakeHTTPServer { _ in .text(200, "") }
        defer { server.stop() }
        let loop = CurlLoop()
        loop.stop()
        let transfer = CurlTransfer(HTTPRequest(.get, url(server)), environment: HTTPEnvironment(), sink: nil)
        loop.add(transfer)
        let result = await transfer.result()
        #expect(throws: HTTPFailure.self) { try result.get() }
    }

    @Test func stoppedLoop_endsWhatRuns() async throws {
        let server = try FakeHTTPServer { _ in .hang }
        defer { server.stop() }
        let loop = CurlLoop()
        let transfer = CurlTransfer(HTTPRequest(.get, url(server)), environment: HTTPEnvironment(), sink: nil)
        loop.add(transfer)
        await server.received(1)
        loop.stop()
        let result = await transfer.result()
        #expect(throws: HTTPFailure.self) { try result.get() }
    }

    @Test(arguments: [("X-A", "b\r\nX-Evil: 1"), ("X A", "b"), ("", "b"), ("X:", "b"), ("X-A", "b\0c")])
    func header_thatCouldBeTwo_isNotSent(name: String, value: String) async throws {
        let server = try FakeHTTPServer { _ in .text(200, "") }
        defer { server.stop() }
        var request = HTTPRequest(.get, url(server))
        request.headers.add(name, value)
        let failure = await httpFailure { [request] () throws(HTTPFailure) in try await client.send(request) }
        #expect(failure?.reason == .unusable && server.connections == 0)
    }

    @Test func bodyFile_thatIsMissingOrShrinks_failsAsAFile() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { _ in .text(200, "") }
            defer { server.stop() }
            try Data(count: 1000).write(to: URL(filePath: scratch.path + "/short"))
            for (name, phase) in [("missing", HTTPFailure.Phase.preparing), ("short", .sent)] {
                let body = HTTPRequest.Body.file(path: "\(scratch.path)/\(name)", offset: 0, length: 2000)
                let request = HTTPRequest(.put, url(server), body: body)
                let failure = await httpFailure { () throws(HTTPFailure) in try await client.send(request) }
                #expect(failure?.reason == .file && failure?.phase == phase, "\(failure as Any)")
            }
        }
    }
}
