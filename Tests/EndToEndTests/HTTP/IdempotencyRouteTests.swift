import Foundation
import JobCore
import Testing

/// One key, one job: after lost answers, after crashes, and for those that ask at the same moment.
@Suite(.timeLimit(.minutes(3))) struct IdempotencyRouteTests {
    private let body = #"{"type":"NOOP","params":{"seconds":0}}"#

    @Test func sameKey_isTheSameJob_andAnotherBodyIsRefused() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            let key = ["Idempotency-Key": "\"film-7\""]
            let first = try await api.post("/jobs", body, headers: key)
            #expect(first.headers["idempotency-replayed"] == nil)
            let again = try await api.post(
                "/jobs", #"{ "params": {"seconds": 0}, "type": "NOOP" }"#, headers: ["Idempotency-Key": "film-7"])
            #expect(again.status == 200)
            #expect(again.headers["idempotency-replayed"] == "true")
            #expect(try again.object() == first.object())
            let other = try await api.post("/jobs", #"{"type":"NOOP","params":{"seconds":1}}"#, headers: key)
            #expect(other.status == 422)
            #expect(try other.object()["code"] == "idempotency_key_reused")
            #expect(desk.count(.queued) == 1)
            let fresh = try await api.post("/jobs", body, headers: ["Idempotency-Key": "film-8"])
            #expect(try fresh.object()["job_id"] != first.object()["job_id"])
            let long = ["Idempotency-Key": String(repeating: "k", count: 256)]
            #expect(try await api.post("/jobs", body, headers: long).status == 400)
            try await desk.stop(daemon)
        }
    }

    @Test func killedDaemon_keepsWhatItAnsweredFor() async throws {
        try await Desk.use { desk in
            var jobs: [String: String] = [:]
            for round in 0..<3 {
                let daemon = try await desk.serve("--paused", environment: ["KINOSPOOL_DURABILITY": "full"])
                let api = try await desk.api(daemon)
                for number in 0..<5 {
                    let key = "key \(round) \(number)"
                    let made = try await api.post("/jobs", body, headers: ["Idempotency-Key": key])
                    jobs[key] = try #require(try made.object()["job_id"]?.string)
                }
                daemon.signal(SIGKILL)
                _ = try await daemon.answer()
            }
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            for (key, id) in jobs {
                let again = try await api.post("/jobs", body, headers: ["Idempotency-Key": key])
                #expect(try again.object()["job_id"]?.string == id)
                #expect(again.headers["idempotency-replayed"] == "true")
            }
            #expect(desk.count(.queued) == 15)
            try await desk.stop(daemon)
        }
    }

    @Test func sameKeyAtTheSameMoment_makesOneJob() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let (api, body) = (try await desk.api(daemon), body)
            let replies = try await withThrowingTaskGroup(of: HTTPPeer.Reply.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await api.post("/jobs", body, headers: ["Idempotency-Key": "one"]) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.allSatisfy { $0.status == 200 || $0.status == 409 })
            #expect(Set(try replies.filter { $0.status == 200 }.map { try $0.object()["job_id"]?.string }).count == 1)
            #expect(desk.count(.queued) == 1)
            try await desk.stop(daemon)
        }
    }
}
