import Foundation
import JobCore
import Testing

/// What came beside the predecessor's routes.
@Suite(.timeLimit(.minutes(3))) struct JobRouteTests {
    @Test func list_withFiltersAndCursor_bringsEveryJobOnce() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            for number in 0..<7 {
                _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"job-\#(number)","params":{"prompt":"p"}}"#)
            }
            _ = try await api.post("/jobs/job-3/cancel")
            var (ids, path) = ([String](), "/jobs?limit=3&type=noop")
            for _ in 0..<4 {
                let page = try await api.get(path)
                ids += try #require(try page.json().array).compactMap { $0.object?["job_id"]?.string }
                guard let link = page.headers["link"] else { break }
                path = String(try #require(link.firstMatch(of: /^<([^>]*)>; rel="next"$/)).output.1)
            }
            #expect(ids == (0..<7).reversed().map { "job-\($0)" })
            func states(_ query: String) async throws -> [String] {
                try #require(try await api.get("/jobs?\(query)").json().array).compactMap {
                    $0.object?["job_id"]?.string
                }
            }
            #expect(try await states("state=canceled") == ["job-3"])
            #expect(try await states("status=QUEUED,CANCELED&limit=200").count == 7)
            #expect(try await states("q=JOB-5") == ["job-5"])
            for wrong in ["limit=0", "limit=201", "limit=x", "state=gone", "type=FILM", "cursor=x"] {
                #expect(try await api.get("/jobs?\(wrong)").status == 400, "\(wrong)")
            }
            try await desk.stop(daemon)
        }
    }

    @Test func patch_changesAWaitingJob_andNoOther() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"a","params":{"seconds":1},"x":"kept"}"#)
            let first = try await api.get("/jobs/a")
            let tag = try #require(first.headers["etag"])
            func patch(_ body: String, _ tag: String?) async throws -> HTTPPeer.Reply {
                try await api.send(
                    "PATCH", "/jobs/a", headers: tag.map { ["If-Match": $0] } ?? [:], body: body)
            }
            let changed = try await patch(#"{"priority":7,"params":{"seconds":0}}"#, tag)
            #expect(changed.status == 200)
            #expect(try changed.object()["priority"] == 7)
            #expect(try changed.object()["params"] == ["seconds": 0])
            #expect(try desk.job("a").fields["x"] == "kept")
            #expect(try await patch(#"{"priority":8}"#, tag).status == 412)
            #expect(try await patch(#"{"priority":8}"#, "W/\(changed.headers["etag"] ?? "")").status == 412)
            let wrong = try await patch(#"{"priority":800}"#, nil)
            #expect(wrong.status == 400)
            #expect(try wrong.object()["errors"]?.array?.first?.object?["pointer"] == "/priority")
            #expect(try await patch(#"{"rev":8}"#, nil).status == 400)
            #expect(try await patch("[]", nil).status == 400)
            _ = try await api.post("/jobs/a/cancel")
            #expect(try await patch(#"{"priority":8}"#, nil).status == 409)
            try await desk.stop(daemon)
        }
    }

    @Test func retry_runsAnEndedJobAgain_withChanges() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"a","params":{"fail":"invalid_video"}}"#)
            let failed = try await api.get("/jobs/a", headers: ["Prefer": "wait=60"])
            #expect(try failed.object()["error"]?.object?["code"] == "invalid_video")
            #expect(try await api.post("/jobs/a/retry", #"{"set":{"seconds":-1}}"#).status == 400)
            #expect(try await api.post("/jobs/a/retry", #"{"set":7}"#).status == 400)
            #expect(try await api.post("/jobs/a/retry", #"{"set":{"fail":null}}"#).status == 200)
            let done = try await api.get("/jobs/a", headers: ["Prefer": "wait=60"])
            #expect(try done.object()["status"] == "SUCCEEDED")
            let log = try await api.get("/jobs/a/log")
            #expect(log.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(log.text.contains("invalid_video"))
            try await desk.stop(daemon)
        }
    }

    @Test func pauseAndResume_areTheFileInMeta() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            #expect(try await api.post("/queue/pause").object()["paused"] == true)
            #expect(desk.exists("spool/meta/paused"))
            _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"a","params":{}}"#)
            let waiting = try await api.get("/jobs/a", headers: ["Prefer": "wait=1"])
            #expect(try waiting.object()["status"] == "QUEUED")
            #expect(waiting.headers["preference-applied"] == "wait=1")
            #expect(try await api.post("/queue/resume").object()["paused"] == false)
            let done = try await api.get("/jobs/a", headers: ["Prefer": "wait=60"])
            #expect(try done.object()["status"] == "SUCCEEDED")
            try await desk.stop(daemon)
        }
    }

    @Test func longPoll_answersAtTheNextChange_orNotModified() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"a","params":{}}"#)
            let tag = try #require(try await api.get("/jobs/a").headers["etag"])
            let known = ["Prefer": "wait=1", "If-None-Match": tag]
            let same = try await api.get("/jobs/a", headers: known)
            #expect(same.status == 304)
            #expect(same.headers["etag"] == tag)
            #expect(same.body.isEmpty)
            async let next = api.get("/jobs/a", headers: ["Prefer": "wait=60", "If-None-Match": tag])
            // Also what a person does by hand wakes whoever waits.
            try desk.move("a", from: .queued, to: .canceled)
            let changed = try await next
            #expect(changed.status == 200)
            #expect(try changed.object()["status"] == "CANCELED")
            try await desk.stop(daemon)
        }
    }

    @Test func submit_prefersToWait_andTellsTheWholeJob() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            let done = try await api.post("/jobs", #"{"type":"NOOP","params":{}}"#, headers: ["Prefer": "wait=60"])
            #expect(done.status == 200)
            #expect(try done.object()["status"] == "SUCCEEDED")
            #expect(done.headers["preference-applied"] == "wait=60")
            try await desk.stop(daemon)
        }
    }

    @Test func facts_areServed() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            _ = try await api.post("/jobs", #"{"type":"NOOP","params":{}}"#, headers: ["Prefer": "wait=60"])
            #expect(try await api.get("/livez").text == "ok\n")
            #expect(try await api.get("/readyz").status == 200)
            let errors = try #require(try await api.get("/errors").json().array)
            let codes = Set(errors.compactMap { $0.object?["code"]?.string })
            #expect(codes.isSuperset(of: FailureCode.allCases.map(\.rawValue)))
            let metrics = try await api.get("/metrics")
            #expect(metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(metrics.text.contains("kinospool_jobs{state=\"done\"} 1\n"))
            let storage = try await api.get("/storage").object()
            #expect((storage["free_bytes"]?.integer ?? 0) > 0)
            #expect(storage["low"] == false)
            try await desk.stop(daemon)
        }
    }
}
