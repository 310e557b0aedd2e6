import Foundation
import JobCore
import TestSupport
import Testing

/// Strangers: pages of other sites, names that were pointed at us, and what is no HTTP.
@Suite(.timeLimit(.minutes(3))) struct SecurityTests {
    @Test func hostileHeads_areRefusedWithAProblem() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            let host = "Host: \(api.host)"
            let table: [(String, [String], Int)] = [
                ("GET /jobs HTTP/1.1", [host], 200),
                ("GET /jobs HTTP/1.1", ["Host: LOCALHOST:\(api.port)"], 200),
                ("GET /jobs HTTP/1.1", ["Host: [::1]:\(api.port)"], 200),
                ("GET /jobs HTTP/1.1", ["Host: evil.test:\(api.port)"], 421),
                ("GET /jobs HTTP/1.1", ["Host: 127.0.0.1.evil.test:\(api.port)"], 421),
                ("GET /jobs HTTP/1.1", ["Host: localhost.:\(api.port)"], 421),
                ("GET /jobs HTTP/1.1", ["Host: 127.0.0.1:1"], 421),
                ("GET /events HTTP/1.1", ["Host: evil.test:\(api.port)"], 421),
                ("GET /jobs/x/artifacts/y HTTP/1.1", ["Host: evil.test:\(api.port)"], 421),
                ("GET /jobs HTTP/1.1", [], 400),
                ("GET /jobs HTTP/1.1", [host, "Host: evil.test"], 400),
                ("GET http://evil.test/jobs HTTP/1.1", ["Host: evil.test"], 421),
                ("POST /queue/pause HTTP/1.1", [host, "Origin: http://evil.test"], 403),
                ("POST /queue/pause HTTP/1.1", [host, "Origin: http://127.0.0.1:9"], 403),
                ("POST /queue/pause HTTP/1.1", [host, "Origin: null"], 403),
                ("POST /queue/pause HTTP/1.1", [host, "Sec-Fetch-Site: same-site"], 403),
                ("POST /queue/pause HTTP/1.1", [host, "Sec-Fetch-Site: cross-site"], 403),
                (
                    "POST /queue/pause HTTP/1.1", [host, "Origin: http://\(api.host)", "Sec-Fetch-Site: same-origin"],
                    200
                ),
                ("GET /nothing HTTP/1.1", [host], 404),
                ("PUT /jobs HTTP/1.1", [host], 405),
                ("OPTIONS /jobs HTTP/1.1", [host, "Origin: http://evil.test"], 403),
                ("NONSENSE", [host], 400),
                ("GET /jobs HTTP/1.1", [host, "X: \(String(repeating: "x", count: 20_000))"], 431),
            ]
            for (line, headers, status) in table {
                let lines = ([line] + headers + ["Connection: close", "", ""]).joined(separator: "\r\n")
                let reply = try await api.raw(lines)
                #expect(reply.status == status, "\(line) \(headers.joined(separator: " ").prefix(60)): \(reply.text)")
                #expect(reply.headers.keys.allSatisfy { !$0.hasPrefix("access-control-") })
                guard status >= 400 else { continue }
                #expect(reply.headers["content-type"] == "application/problem+json")
                let problem = try reply.object()
                #expect(problem["status"]?.integer == Int64(status))
                #expect(problem["error"]?.object?["code"] == problem["code"])
                if status == 405 { #expect(reply.headers["allow"] == "GET, HEAD, POST") }
            }
            try await desk.stop(daemon)
        }
    }

    @Test func bodies_areJSONAndSmall() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve("--paused")
            let api = try await desk.api(daemon)
            let job = #"{"type":"NOOP","params":{}}"#
            for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
                let reply = try await api.post("/jobs", job, headers: ["Content-Type": type])
                #expect(reply.status == 415, "\(type)")
            }
            for broken in ["{", "[]", "7", "{\"type\":\"NOOP\",}", String(repeating: "[", count: 500)] {
                #expect(try await api.post("/jobs", broken).status == 400)
            }
            let wrong = try await api.post("/jobs", #"{"type":"RENDER","params":{"prompt":"a","duration":"x"}}"#)
            #expect(wrong.status == 400)
            #expect(try wrong.object()["code"] == "invalid_job")
            #expect(try wrong.object()["errors"]?.array?.first?.object?["pointer"] == "/params/duration")
            let large = try await api.post(
                "/jobs", "", headers: ["Content-Type": "application/json", "Content-Length": "1048577"])
            #expect(large.status == 413)
            #expect(desk.count(.queued) == 0)
            try await desk.stop(daemon)
        }
    }

    @Test func token_isNeededWhereOneIsSet() async throws {
        var hunt = SecretHunt(["the token": "correct-horse-battery-staple"])
        hunt.allowed = ["token"]
        try await Desk.use(hunting: hunt) { desk in
            try desk.write("token", "correct-horse-battery-staple\n")
            try await desk.shell("chmod 600 token")
            let daemon = try await desk.serve(environment: ["KINOSPOOL_TOKEN_FILE": "token"])
            let api = try await desk.api(daemon)
            #expect(try await api.get("/health").status == 200)
            let refused = try await api.get("/jobs")
            #expect(refused.status == 401)
            #expect(refused.headers["www-authenticate"] == "Bearer")
            #expect(try await api.get("/nothing").status == 401)
            let right = ["Authorization": "Bearer correct-horse-battery-staple"]
            #expect(try await api.get("/jobs", headers: right).status == 200)
            for _ in 0..<10 { _ = try await api.get("/jobs", headers: ["Authorization": "Bearer wrong"]) }
            #expect(try await api.get("/jobs", headers: right).status == 429)
            try await desk.stop(daemon)
        }
    }

    @Test func beyondLoopback_withoutAToken_isNoStart() async throws {
        try await Desk.use { desk in
            let answer = try await desk.run("serve", "--host", "0.0.0.0")
            #expect(answer.status == 78)
            #expect(answer.errors.contains("KINOSPOOL_TOKEN_FILE"))
            try desk.write("token", "correct-horse-battery-staple\n")
            try await desk.shell("chmod 644 token")
            let open = try await desk.run("serve", environment: ["KINOSPOOL_TOKEN_FILE": "token"])
            #expect(open.status == 78)
            #expect(open.errors.contains("chmod 600"))
        }
    }

    @Test func takenPort_isNoStart_andTellsWhatToDo() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            try await Desk.use { other in
                let answer = try await other.run("serve", "--port", "\(api.port)")
                #expect(answer.status == 78)
                #expect(answer.errors.contains("--port"))
            }
            try await desk.stop(daemon)
        }
    }
}
