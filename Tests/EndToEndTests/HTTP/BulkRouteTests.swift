import JobCore
import Testing

/// Many jobs at a time, and retries that are asked for once.
@Suite(.timeLimit(.minutes(3))) struct BulkRouteTests {
    @Test func bulk_doesEachByItself_andTellsWhatFailed() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            for id in ["a", "b", "c"] { _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"\#(id)"}"#) }
            let some = try await api.post("/jobs/bulk", #"{"action":"cancel","ids":["a","a","../x","none"]}"#).object()
            #expect(some["done"] == 1 && some["failed"] == 2)
            #expect(desk.state("a") == .canceled && desk.state("b") == .queued)
            let results = try #require(some["results"]?.array)
            #expect(results[0] == ["job_id": "a", "status": "CANCELED"])
            #expect(results[1].object?["error"]?.object?["code"] == "no_such_job")
            let all = try await api.post("/jobs/bulk", #"{"action":"cancel","filter":{"state":"queued"}}"#).object()
            #expect(all["done"] == 2 && all["more"] == false)
            let retry = try await api.post(
                "/jobs/bulk", #"{"action":"retry","filter":{"state":"canceled","q":"b"},"set":{"seconds":0}}"#)
            #expect(try retry.object()["done"] == 1)
            #expect(try desk.job("b")[.params] == ["seconds": 0])
            let gone = try await api.post(
                "/jobs/bulk", #"{"action":"delete","filter":{"state":"active,canceled,done,failed"}}"#)
            #expect(try gone.object()["done"] == 3)
            #expect(JobState.allCases.allSatisfy { desk.count($0) == 0 })
            let ids = (0...500).map { "\"\($0)\"" }.joined(separator: ",")
            for wrong in [
                "{}", #"{"action":"burn","ids":[]}"#, #"{"action":"cancel"}"#, #"{"action":"cancel","filter":{}}"#,
                #"{"action":"cancel","ids":["a"],"filter":{"q":"a"}}"#, #"{"action":"cancel","filter":{"x":"a"}}"#,
                #"{"action":"cancel","filter":{"state":7}}"#, #"{"action":"cancel","filter":{"state":","}}"#,
                #"{"action":"cancel","ids":[7]}"#,
                #"{"action":"cancel","ids":["a"],"set":{"x":1}}"#, #"{"action":"cancel","ids":[\#(ids)]}"#,
            ] { #expect(try await api.post("/jobs/bulk", wrong).status == 400, "\(wrong.prefix(60))") }
            try await desk.stop(daemon)
        }
    }

    @Test func retryKey_runsTheJobAgainOnce() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"a","params":{}}"#)
            _ = try await api.post("/jobs/a/cancel")
            let key = ["Idempotency-Key": "again-1"]
            let first = try await api.post("/jobs/a/retry", #"{"set":{"seconds":0}}"#, headers: key)
            #expect(first.status == 200 && first.headers["idempotency-replayed"] == nil)
            // A double click, and the same after the job has ended again: nothing runs twice.
            let again = try await api.post("/jobs/a/retry", #"{ "set" : {"seconds":0} }"#, headers: key)
            #expect(again.status == 200 && again.headers["idempotency-replayed"] == "true")
            _ = try await api.post("/queue/resume")
            try await desk.until(daemon) { desk.state("a") == .done }
            let late = try await api.post("/jobs/a/retry", #"{"set":{"seconds":0}}"#, headers: key)
            #expect(late.headers["idempotency-replayed"] == "true" && desk.state("a") == .done)
            let other = try await api.post("/jobs/a/retry", #"{"set":{"seconds":1}}"#, headers: key)
            #expect(other.status == 422)
            #expect(try await api.post("/jobs/a/retry", headers: ["Idempotency-Key": "again-2"]).status == 200)
            try await desk.until(daemon) { desk.state("a") == .done }
            try await desk.stop(daemon)
        }
    }
}
