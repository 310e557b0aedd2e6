import Foundation
import JobCore
import Testing

/// The predecessor's seven routes: every key that its clients read is there, with the type they expect.
@Suite(.timeLimit(.minutes(3))) struct PredecessorTests {
    @Test func sevenRoutes_haveTheKeysAndTypesOfTheFixtures() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            try await check("health", try await api.get("/health"))
            let made = try await api.post(
                "/jobs", #"{"type":"RENDER","params":{"prompt":"boats","duration":1,"resolution":"320x180"}}"#)
            try await check("post-jobs", made)
            let id = try #require(try made.object()["job_id"]?.string)
            #expect(made.headers["location"] == "/jobs/\(id)")
            let done = try await api.get("/jobs/\(id)", headers: ["Prefer": "wait=60"])
            try await check("get-job", done)
            #expect(try done.object()["status"] == "SUCCEEDED")
            let url = try #require(try done.object()["output_urls"]?.array?.first?.string)
            #expect(url.hasPrefix("http://\(api.host)/jobs/\(id)/artifacts/"))
            let film = try await api.get(String(url.dropFirst("http://\(api.host)".count)))
            #expect(film.status == 200)
            #expect(film.headers["content-type"] == "video/mp4")
            #expect(film.body.count > 1000)
            try await check("list-jobs", try await api.get("/jobs?limit=50"))
            try await check("cancel-job", try await api.post("/jobs/\(id)/cancel"))
            let stitched = try await api.post(
                "/timeline/stitch",
                #"{"clips":[{"url":"job:\#(id)","start":0,"end":0.5}],"captions":[{"text":"Hi","start":0,"end":0.5}]}"#)
            try await check("stitch", stitched)
            let export = try #require(try stitched.object()["job_id"]?.string)
            let film2 = try await api.get("/jobs/\(export)", headers: ["Prefer": "wait=60"])
            #expect(try film2.object()["status"] == "SUCCEEDED", "\(film2.text)")
            try await check("delete-job", try await api.send("DELETE", "/jobs/\(id)"))
            #expect(try await api.send("DELETE", "/jobs/\(id)").status == 404)
            #expect(try await api.get("/jobs/\(id)").status == 404)
            try await check("failed-job", try await failed(api))
            try await desk.stop(daemon)
        }
    }

    /// A job that failed, as the predecessor's client polls it.
    private func failed(_ api: HTTPPeer) async throws -> HTTPPeer.Reply {
        let made = try await api.post("/jobs", #"{"type":"NOOP","params":{"fail":"invalid_video"}}"#)
        let id = try #require(try made.object()["job_id"]?.string)
        return try await api.get("/jobs/\(id)", headers: ["Prefer": "wait=60"])
    }

    private func check(_ name: String, _ reply: HTTPPeer.Reply) async throws {
        #expect(reply.status == 200, "\(name): \(reply.text)")
        #expect(reply.headers["content-type"] == "application/json")
        try Golden.expect("\(JSONShape.text(of: try reply.json()))\n", equals: "http/\(name)")
    }

    @Test func cancel_isIdempotent_andLeavesEndedJobsAlone() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            let made = try await api.post("/jobs", #"{"type":"NOOP","params":{}}"#)
            let id = try #require(try made.object()["job_id"]?.string)
            let first = try await api.post("/jobs/\(id)/cancel")
            let second = try await api.post("/jobs/\(id)/cancel")
            #expect(try first.object() == second.object())
            #expect(try first.object()["status"] == "CANCELED")
            #expect(desk.exists("spool/canceled/\(id).json"))
            #expect(try await api.post("/jobs/nothing/cancel").status == 404)
            try await desk.stop(daemon)
        }
    }
}
