import JobCore
import Testing

/// Stars, notes and cleanup over HTTP.
@Suite(.timeLimit(.minutes(3))) struct CleanupRouteTests {
    @Test func cleanup_isAPlanUntilItIsToBeExecuted_andKeepsStarredJobs() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            for id in ["a", "b", "c"] { _ = try await api.post("/jobs", #"{"type":"NOOP","job_id":"\#(id)"}"#) }
            for id in ["a", "b"] { _ = try await api.post("/jobs/\(id)/cancel") }
            func patch(_ body: String) async throws -> HTTPPeer.Reply {
                let fields = ["Content-Type": "application/merge-patch+json"]
                return try await api.send("PATCH", "/jobs/b", headers: fields, body: body)
            }
            let star = try await patch(#"{"starred":true,"note":"the good take"}"#)
            #expect(star.status == 200)
            #expect(try star.object()["starred"] == true)
            #expect(try await patch(#"{"starred":true,"priority":1}"#).status == 409)
            let plan = try await api.post("/cleanup", #"{"days":0}"#).object()
            #expect(plan["executed"] == false && plan["job_ids"] == ["a"] && plan["kept"] == 1)
            #expect(desk.state("a") == .canceled)
            #expect(try await api.post("/cleanup", #"{"days":30,"execute":true}"#).object()["deleted_jobs"] == 0)
            let done = try await api.post("/cleanup", #"{"days":0,"execute":true}"#).object()
            #expect(done["deleted_jobs"] == 1 && done["failed"] == 0)
            #expect(try await api.get("/jobs/a").status == 404)
            #expect(try await api.get("/jobs/b").object()["note"] == "the good take")
            #expect(desk.state("c") == .queued)
            #expect(try await api.post("/cleanup", #"{"orphaned":true}"#).object()["days"] == .null)
            for wrong in [
                #"{"days":-1}"#, #"{"days":36501}"#, #"{"days":"30"}"#, #"{"days":1.5}"#, #"{"execute":1}"#,
                #"{"orphaned":true,"days":3}"#, #"{"day":3}"#,
            ] { #expect(try await api.post("/cleanup", wrong).status == 400, "\(wrong)") }
            try await desk.stop(daemon)
        }
    }
}
