import Foundation
import JobCore
import Testing

/// Files out and in.
@Suite(.timeLimit(.minutes(3))) struct FileRouteTests {
    @Test func artifact_rangesAndConditions_followRFC9110() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            _ = try await api.post(
                "/jobs", #"{"type":"NOOP","job_id":"a","params":{"output_bytes":1000}}"#,
                headers: ["Prefer": "wait=60"])
            let listed = try #require(try await api.get("/jobs/a/artifacts").json().array?.first?.object)
            let name = try #require(listed["name"]?.string)
            let path = "/jobs/a/artifacts/\(name)"
            let whole = try await api.get(path)
            #expect(whole.body.count == 1000)
            #expect(whole.headers["accept-ranges"] == "bytes")
            #expect(whole.headers["content-length"] == "1000")
            #expect(whole.headers["etag"] == "\"\(listed["sha256"]?.string ?? "")\"")
            #expect(whole.headers["content-security-policy"]?.contains("sandbox") == true)
            #expect(whole.headers["x-content-type-options"] == "nosniff")
            for (range, first, last) in [("bytes=0-99", 0, 99), ("bytes=-500", 500, 999), ("bytes=990-", 990, 999)] {
                let part = try await api.get(path, headers: ["Range": range])
                #expect(part.status == 206)
                #expect(part.headers["content-range"] == "bytes \(first)-\(last)/1000")
                #expect(part.body == Array(whole.body[first...last]))
            }
            let beyond = try await api.get(path, headers: ["Range": "bytes=99999999-"])
            #expect(beyond.status == 416)
            #expect(beyond.headers["content-range"] == "bytes */1000")
            for other in ["items=0-1", "bytes=abc", "bytes=0-1,3-4"] {
                #expect(try await api.get(path, headers: ["Range": other]).body.count == 1000)
            }
            let tag = try #require(whole.headers["etag"])
            #expect(try await api.get(path, headers: ["If-None-Match": "\"x\", W/\(tag)"]).status == 304)
            #expect(try await api.get(path, headers: ["If-Match": "\"x\""]).status == 412)
            for (condition, status) in [(tag, 206), ("W/\(tag)", 200), ("\"x\"", 200)] {
                let part = try await api.get(path, headers: ["Range": "bytes=0-0", "If-Range": condition])
                #expect(part.status == status, "\(condition)")
            }
            let head = try await api.send("HEAD", path, headers: ["Range": "bytes=0-9"])
            #expect(head.status == 206)
            #expect(head.headers["content-length"] == "10")
            #expect(head.body.isEmpty)
            let download = try await api.get("\(path)?download=1")
            #expect(download.headers["content-disposition"]?.hasPrefix("attachment; filename=") == true)
            for missing in ["x", "..%2f..%2fjob.json", "%2e%2e", ".."] {
                #expect(try await api.get("/jobs/a/artifacts/\(missing)").status == 404)
            }
            try await desk.stop(daemon)
        }
    }

    @Test func upload_isStoredOnceAndGoesAlongWithTheJob() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            try await desk.shell("ffmpeg -v error -f lavfi -i color=red:s=64x64 -frames:v 1 red.png")
            let picture = [UInt8](try Data(contentsOf: URL(filePath: "\(desk.folder)/red.png")))
            func upload(_ bytes: [UInt8], _ type: String) async throws -> HTTPPeer.Reply {
                let head =
                    "POST /uploads HTTP/1.1\r\nHost: \(api.host)\r\nConnection: close\r\nContent-Type: \(type)\r\n"
                return try await api.raw(Array("\(head)Content-Length: \(bytes.count)\r\n\r\n".utf8) + bytes)
            }
            let first = try await upload(picture, "image/png")
            #expect(first.status == 201)
            let url = try #require(try first.object()["url"]?.string)
            #expect(url == "upload:\(SHA256.hex(of: picture))")
            #expect(try await upload(picture, "image/png").status == 200)
            #expect(try await upload(Array("<svg/>".utf8), "image/png").status == 415)
            #expect(try await upload(picture, "text/html").status == 415)
            let params = #""image":"\#(url)","prompt":"it moves","duration":1,"resolution":"320x180""#
            let done = try await api.post(
                "/jobs", #"{"type":"IMG2VID","params":{\#(params)}}"#, headers: ["Prefer": "wait=60"])
            #expect(try done.object()["status"] == "SUCCEEDED", "\(done.text)")
            let unknown = "upload:\(String(repeating: "0", count: 64))"
            let refused = try await api.post("/jobs", #"{"type":"IMG2VID","params":{"image":"\#(unknown)"}}"#)
            #expect(refused.status == 400)
            try await desk.stop(daemon)
        }
    }
}
