import Foundation
import JobCore
import Testing

/// A browser before a daemon with a token, and pages that are let in.
@Suite(.timeLimit(.minutes(3))) struct LoginRouteTests {
    @Test func configToken_makesOne_andItsLinkLetsABrowserInOnce() async throws {
        try await Desk.use { desk in
            let made = try await desk.run("config", "token", "--new")
            #expect(made.status == 0)
            let path = try #require(made.lines.first)
            #expect(path == "\(desk.folder)/.config/kinospool/token")
            #expect(made.errors.contains("KINOSPOOL_TOKEN_FILE=\(path)"))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let token = try #require(desk.read(path)).trimmingCharacters(in: .newlines)
            #expect(token.count == 64 && !(made.output + made.errors).contains(token))
            let settings = ["KINOSPOOL_TOKEN_FILE": path]
            let daemon = try await desk.serve(environment: settings)
            let api = try await desk.api(daemon)
            let link = try await desk.run(
                "config", "token", "--link", environment: settings.merging(["KINOSPOOL_PORT": "\(api.port)"]) { $1 })
            #expect(link.lines.first?.hasPrefix("http://\(api.host)/login?t=") == true)
            let query = String(try #require(link.lines.first).dropFirst("http://\(api.host)".count))
            #expect(try await api.send("HEAD", query).status == 303)
            let welcome = try await api.get(query)
            #expect(welcome.status == 303 && welcome.headers["location"] == "/")
            let header = try #require(welcome.headers["set-cookie"])
            #expect(header.contains("HttpOnly") && header.contains("SameSite=Strict"))
            let cookie = ["Cookie": String(header.prefix { $0 != ";" })]
            #expect(try await api.get("/jobs").status == 401)
            #expect(try await api.get("/jobs", headers: cookie).status == 200)
            #expect(try await api.get(query).status == 401)
            let cross = ["Origin": "http://evil.test"].merging(cookie) { $1 }
            #expect(try await api.send("POST", "/queue/pause", headers: cross).status == 403)
            let answer = try await desk.stop(daemon)
            // No terminal: the link goes nowhere.
            #expect(!answer.errors.contains("login?t=") && !answer.errors.contains(token))
        }
    }

    @Test func configToken_refusesWhatWouldBeCopiedWithTheSpool_andWrongWishes() async throws {
        try await Desk.use { desk in
            let inside = try await desk.run(
                "config", "token", "--new", environment: ["KINOSPOOL_TOKEN_FILE": "spool/token"])
            #expect(inside.status == 78)
            #expect(!desk.exists("spool/token"))
            #expect(try await desk.run("config", "token").status == 78)
            #expect(try await desk.run("config", "--new").status == 64)
            #expect(try await desk.run("config", "token", "--new", "--link").status == 64)
        }
    }

    @Test func listedOrigin_mayAsk_andNoOther() async throws {
        try await Desk.use { desk in
            let site = "http://localhost:5173"
            let daemon = try await desk.serve("--paused", environment: ["KINOSPOOL_CORS_ORIGINS": site])
            let api = try await desk.api(daemon)
            let asked = ["Origin": site, "Access-Control-Request-Method": "PATCH", "Sec-Fetch-Site": "cross-site"]
            let preflight = try await api.send("OPTIONS", "/jobs/x", headers: asked)
            #expect(preflight.status == 204)
            #expect(preflight.headers["access-control-allow-origin"] == site)
            #expect(preflight.headers["access-control-allow-methods"] == "DELETE, GET, HEAD, PATCH")
            #expect(preflight.headers["access-control-allow-credentials"] == nil)
            #expect(preflight.headers["access-control-allow-private-network"] == nil)
            let posted = try await api.post(
                "/jobs", #"{"type":"NOOP","params":{}}"#, headers: ["Origin": site, "Sec-Fetch-Site": "cross-site"])
            #expect(posted.status == 200 && posted.headers["access-control-allow-origin"] == site)
            #expect(posted.headers["vary"] == "Origin")
            let missing = try await api.get("/jobs/none", headers: ["Origin": site])
            #expect(missing.status == 404 && missing.headers["access-control-allow-origin"] == site)
            let stranger = ["Origin": "http://localhost:5174", "Access-Control-Request-Method": "PATCH"]
            let refused = try await api.send("OPTIONS", "/jobs/x", headers: stranger)
            #expect(refused.status == 403 && refused.headers["access-control-allow-origin"] == nil)
            #expect(try await api.get("/jobs", headers: stranger).headers["access-control-allow-origin"] == nil)
            try await desk.stop(daemon)
        }
    }
}
