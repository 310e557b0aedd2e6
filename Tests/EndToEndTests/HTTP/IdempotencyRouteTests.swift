import Foundation
import Glibc
import JobCore
import Testing

/// One key, one job: after lost answers, after crashes, and for those that ask at the same moment.
@Suite(.timeLimit(.minutes(isTorture ? 60 : 3))) struct IdempotencyRouteTests {
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
            var random = SystemRandomNumberGenerator()
            for round in 0..<(isTorture ? 1000 : 20) {
                let daemon = try await desk.serve("--paused", environment: ["KINOSPOOL_DURABILITY": "full"])
                let api = try await desk.api(daemon)
                try await check(jobs, at: api, one: jobs.randomElement(using: &random))
                // Killed while others are being written: after so many answers.
                let answers = post(8, to: api, "round \(round)")
                var rest = Int.random(in: 0...24, using: &random)
                if rest == 0 { daemon.signal(SIGKILL) }
                for await (key, id) in answers {
                    jobs[key] = id
                    rest -= 1
                    if rest == 0 { daemon.signal(SIGKILL) }
                }
                _ = try await daemon.answer()
            }
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            for job in jobs { try await check(jobs, at: api, one: job) }
            print("measured: \(jobs.count) jobs answered for, all there after kills")
            try await desk.stop(daemon)
        }
    }

    /// A key that was answered for brings its job again.
    private func check(_ jobs: [String: String], at api: HTTPPeer, one: (key: String, value: String)?) async throws {
        guard let (key, id) = one else { return }
        let again = try await api.post("/jobs", body, headers: ["Idempotency-Key": key])
        #expect(try again.object()["job_id"]?.string == id)
        #expect(again.headers["idempotency-replayed"] == "true")
        #expect(try await api.get("/jobs/\(id)").status == 200)
    }

    /// Posts with keys of their own until the daemon is gone.
    private func post(_ count: Int, to api: HTTPPeer, _ name: String) -> AsyncStream<(String, String)> {
        let (stream, continuation) = AsyncStream.makeStream(of: (String, String).self)
        let body = body
        Task {
            await withDiscardingTaskGroup { group in
                for number in 0..<count {
                    group.addTask {
                        for turn in 0... {
                            let key = "\(name) \(number) \(turn)"
                            let answer = try? await api.post("/jobs", body, headers: ["Idempotency-Key": key])
                            guard let answer, answer.status == 200, let id = try? answer.object()["job_id"]?.string
                            else { return }
                            continuation.yield((key, id))
                        }
                    }
                }
            }
            continuation.finish()
        }
        return stream
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
