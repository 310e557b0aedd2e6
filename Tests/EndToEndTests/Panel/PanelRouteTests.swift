import Foundation
import JobCore
import Testing

/// How the panel's files are served.
@Suite(.timeLimit(.minutes(2))) struct PanelRouteTests {
    @Test func page_isServedUnderAStrictPolicy_andAskedForAgainCheaply() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            let page = try await api.get("/")
            #expect(page.status == 200)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["x-content-type-options"] == "nosniff")
            #expect(page.headers["cache-control"] == "no-cache")
            #expect(page.headers["referrer-policy"] == "no-referrer")
            let policy = try #require(page.headers["content-security-policy"])
            let rules = ["default-src 'none'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"]
            for rule in rules { #expect(policy.contains(rule)) }
            #expect(!policy.contains("unsafe"))
            #expect(page.text.contains("/panel/main.js"))
            let tag = try #require(page.headers["etag"])
            let again = try await api.get("/", headers: ["If-None-Match": tag])
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            try await desk.stop(daemon)
        }
    }

    @Test func files_areLookedUpByName_neverByPath() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            #expect(try await api.get("/panel/main.js").headers["content-type"] == "text/javascript; charset=utf-8")
            for path in ["/panel/nothing.js", "/panel/..%2f..%2fetc%2fpasswd", "/panel/types.js", "/panel/a/b"] {
                #expect(try await api.get(path).status == 404, "\(path)")
            }
            #expect(try await api.post("/").status == 405)
            try await desk.stop(daemon)
        }
    }

    @Test func withAToken_thePageIsOpen_andTellsNothing() async throws {
        try await Desk.use { desk in
            try desk.write("token", "correct-horse-battery-staple\n")
            try await desk.shell("chmod 600 token")
            let daemon = try await desk.serve(environment: ["KINOSPOOL_TOKEN_FILE": "token"])
            let api = try await desk.api(daemon)
            #expect(try await api.get("/").status == 200)
            #expect(try await api.get("/panel/main.js").status == 200)
            #expect(try await api.get("/jobs").status == 401)
            #expect(try await api.get("/jobs/x/inputs/cat.png").status == 401)
            try await desk.stop(daemon)
        }
    }

    /// The picture that a film begins with is seen while the job waits; nothing else of the machine is.
    @Test func inputs_areThoseTheJobNames() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            // A PNG with one pixel.
            let hex =
                "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                + "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
            let pairs = stride(from: 0, to: hex.count, by: 2).map { hex.dropFirst($0).prefix(2) }
            let picture = pairs.compactMap { UInt8($0, radix: 16) }
            let head =
                "POST /uploads HTTP/1.1\r\nHost: \(api.host)\r\nContent-Type: image/png\r\nConnection: close\r\n"
                + "Content-Length: \(picture.count)\r\n\r\n"
            let upload = try await api.raw(Array(head.utf8) + picture)
            let url = try #require(try upload.object()["url"]?.string)
            let params = #"{"prompt":"it yawns","image":"\#(url)"}"#
            let job = try await api.post("/jobs", #"{"type":"IMG2VID","params":\#(params)}"#).object()
            let id = try #require(job["job_id"]?.string)
            let asked = try await api.get("/jobs/\(id)").object()["params"]?.object
            let name = try #require(asked?["image"]?.string)
            let answer = try await api.get("/jobs/\(id)/inputs/\(name)")
            #expect(answer.status == 200)
            #expect(answer.body == picture)
            #expect(answer.headers["content-type"] == "image/png")
            #expect(answer.headers["content-security-policy"]?.contains("sandbox") == true)
            for other in ["..%2f..%2fjob.json", "log.txt", "nothing.png"] {
                #expect(try await api.get("/jobs/\(id)/inputs/\(other)").status == 404, "\(other)")
            }
            try await desk.stop(daemon)
        }
    }
}
