import Dispatch
import Foundation
import JobCore
import Testing

/// The stream of events.
@Suite(.timeLimit(.minutes(3))) struct EventRouteTests {
    /// Opens the stream and reads until a text came; does something once it began.
    private func listen(
        _ api: HTTPPeer, _ path: String = "/events", _ headers: [String: String] = [:], until text: String,
        _ act: @escaping @Sendable () async throws -> Void = {}
    ) async throws -> String {
        let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        let connection = try HTTPConnection(port: api.port)
        try connection.write(Array("GET \(path) HTTP/1.1\r\nHost: \(api.host)\r\n\(fields)\r\n".utf8))
        let head = try await Self.read(connection, until: "retry: 2000")
        #expect(head.contains("text/event-stream"))
        if head.contains(text) { return head }
        try await act()
        return head + (try await Self.read(connection, until: text))
    }

    private static func read(_ connection: HTTPConnection, until text: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try connection.read(until: text) })
            }
        }
    }

    @Test func stream_beginsWithTheStateOfThings_andTellsWhatFollows() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"a","params":{"prompt":"x"}}"#)
            let told = try await listen(api, until: #""status":"CANCELED""#) {
                _ = try await api.post("/jobs/a/cancel")
            }
            #expect(told.contains("event: queue\n"))
            let first = try #require(told.firstRange(of: #""status":"QUEUED""#))
            let last = try #require(told.firstRange(of: #""status":"CANCELED""#))
            #expect(first.lowerBound < last.lowerBound)
            #expect(!told.contains("\"params\""))
            try await desk.stop(daemon)
        }
    }

    @Test func stream_goesOnAfterTheLastEvent_orSaysThatItCannot() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            let told = try await listen(api, until: #""job_id":"a""#) {
                _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"a","params":{}}"#)
            }
            let ids = told.matches(of: /id: (\w+-\d+)\n/).map { String($0.output.1) }
            let last = try #require(ids.last)
            // Whatever happens between two connections is told at the second.
            _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"b","params":{}}"#)
            let missed = try await listen(api, "/events", ["Last-Event-ID": last], until: #""job_id":"b""#)
            #expect(!missed.contains("event: reset"))
            let lost = try await listen(api, "/events", ["Last-Event-ID": "other-7"], until: #""job_id":"b""#)
            #expect(lost.contains("event: reset"))
            let one = try await listen(api, "/events?job=b", until: #""job_id":"b""#)
            #expect(!one.contains(#""job_id":"a""#))
            try await desk.stop(daemon)
        }
    }

    @Test func stop_endsStreamsAndLongPolls_inOrder() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"a","params":{}}"#)
            let connection = try HTTPConnection(port: api.port)
            try connection.write(Array("GET /events HTTP/1.1\r\nHost: \(api.host)\r\n\r\n".utf8))
            _ = try await Self.read(connection, until: #""job_id":"a""#)
            async let poll = api.get("/jobs/a", headers: ["Prefer": "wait=60"])
            let answer = try await desk.stop(daemon)
            #expect(answer.status == 0)
            _ = try? await poll
            // The last chunk, not a torn connection.
            #expect(try await Self.read(connection, until: "0\r\n\r\n").hasSuffix("0\r\n\r\n"))
        }
    }
}
