import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

@Suite("The stitcher: sources from elsewhere", .timeLimit(.minutes(10)))
struct StitchRemoteTests {
    @Test func clipAndCaptionsFromURLs_becomeAFilm_andAreSweptAway() async throws {
        try await withScratch { scratch in
            let clip = FlashClip(size: "320x180", rate: 24, sound: .stereo)
            try await clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            let bytes = try Array(scratch.bytes("\(scratch.inputs)/a.mp4"))
            let captions = "1\n00:00:00,200 --> 00:00:01,000\nhello\n"
            let server = try FakeHTTPServer { request in
                request.path == "/a" ? .file(bytes, tag: "\"v\"", for: request) : .text(200, captions)
            }
            defer { server.stop() }
            let params = #"{"clips":["\#(server.url("/a"))","a.mp4"],"captions":"\#(server.url("/t.srt"))"}"#
            let request = try scratch.request(#"{"type":"EXPORT","params":\#(params)}"#)
            let files = try await StitchBackend().run(request, report: { _ in })
            let film = try #require(files.first)
            _ = try await FilmGate().check(film, in: request.scratch)
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
            #expect(left == files.flatMap { [$0.name, $0.poster, $0.contactSheet] }.compactMap { $0 }.sorted())
            #expect(server.requests.map(\.path).sorted() == ["/a", "/t.srt"])
        }
    }

    @Test func playlistFromAURL_isRefused_likeALocalOne() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { _ in
                .text(200, "#EXTM3U\nfile:///etc/passwd\n", headers: [("Content-Type", "video/mp4")])
            }
            defer { server.stop() }
            let params = #"{"clips":["\#(server.url("/a.mp4"))"]}"#
            let request = try scratch.request(#"{"type":"EXPORT","params":\#(params)}"#)
            let failure = await failure { _ = try await StitchBackend().run(request, report: { _ in }) }
            #expect(failure?.code == .invalidJob && failure?.message.hasPrefix("/params/clips/0") == true)
        }
    }

    @Test func imageFromAURL_isPanned_andNotKept() async throws {
        try await withScratch { scratch in
            try await scratch.ffmpeg(
                "-f", "lavfi", "-i", "testsrc2=s=320x180:d=1", "-frames:v", "1", "\(scratch.inputs)/a.png")
            let bytes = try Array(scratch.bytes("\(scratch.inputs)/a.png"))
            let server = try FakeHTTPServer { .file(bytes, tag: "\"v\"", for: $0) }
            defer { server.stop() }
            let json =
                #"{"type":"IMG2VID","params":{"image":"\#(server.url("/a"))","duration":0.2,"resolution":"64x64"}}"#
            let files = try await PreviewBackend().run(try scratch.request(json), report: { _ in })
            #expect(files.first?.kind == .video)
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
            #expect(!left.contains { $0.hasPrefix("input-") })
        }
    }
}
