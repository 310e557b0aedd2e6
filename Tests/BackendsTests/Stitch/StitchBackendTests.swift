import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite("The stitcher", .timeLimit(.minutes(10)))
struct StitchBackendTests {
    private static let clip = FlashClip(size: "320x180", rate: 24, sound: .stereo)

    /// Exports and lets the gate look, as a worker does.
    private func export(
        _ params: String, _ scratch: Scratch, into folder: String? = nil, cache: String? = nil,
        report: @escaping @Sendable (BackendEvent) -> Void = { _ in }
    ) async throws -> (film: String, files: [ProducedFile]) {
        let request = try scratch.request(#"{"type":"EXPORT","params":\#(params)}"#, scratch: folder, cache: cache)
        let files = try await StitchBackend().run(request, report: report)
        for file in files { _ = try await FilmGate().check(file, in: request.scratch) }
        let film = try #require(files.first)
        return ("\(request.scratch)/\(film.name)", files)
    }

    private func hashes(_ path: String, _ stream: String, _ scratch: Scratch) async throws -> [String] {
        let arguments = ["-v", "error", "-nostdin", "-i", path, "-map", stream, "-f", "framemd5", "-"]
        let (_, text) = try await ProcessRunner().collect(ProcessCommand("ffmpeg", arguments, in: scratch.root)) { _ in
        }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { $0.split(separator: ",").last?.trimmingCharacters(in: .whitespaces) }
    }

    @Test func equalClips_withPlainCuts_keepEveryPictureBitForBit() async throws {
        try await withScratch { scratch in
            let names = (0..<4).map { "c\($0).mp4" }
            for name in names { try await Self.clip.make("\(scratch.inputs)/\(name)", in: scratch) }
            let events = EventLog()
            let list = names.map { "\"\($0)\"" }.joined(separator: ",")
            let (film, _) = try await export(#"{"clips":[\#(list)]}"#, scratch) { events.add($0) }
            #expect(events.lines.contains { $0.contains("pictures taken over as they are") }, "\(events.lines)")
            var expected: [String] = []
            for name in names { expected += try await hashes("\(scratch.inputs)/\(name)", "0:v:0", scratch) }
            #expect(try await hashes(film, "0:v:0", scratch) == expected)
            let measured = try await FilmMeasurement(film, in: scratch)
            #expect(measured.flashes.count == 4 && measured.tones.count == 4)
            for (index, (flash, tone)) in zip(measured.flashes, measured.tones).enumerated() {
                #expect(abs(flash - (Double(index) * 2 + 1)) < 0.002)
                #expect(abs(flash - tone) <= 1 / 24.0, "clip \(index): \(flash) \(tone)")
            }
        }
    }

    @Test(arguments: [-14.0, -23.0])
    func loudness_ofAMixedFilm_isTheTarget(target: Double) async throws {
        try await withScratch { scratch in
            let speech = "aevalsrc='0.02*sin(2*PI*300*t)*(1+sin(2*PI*2*t))|0.02*sin(2*PI*310*t)':s=48000:d=8"
            try await scratch.ffmpeg(
                "-f", "lavfi", "-i", "testsrc2=s=160x90:r=24:d=8", "-f", "lavfi", "-i", speech, "-c:v", "libx264",
                "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "\(scratch.inputs)/a.mp4")
            try await scratch.ffmpeg(
                "-f", "lavfi", "-i", "aevalsrc='0.9*sin(2*PI*220*t)|0.9*sin(2*PI*330*t)':s=44100:d=3",
                "\(scratch.inputs)/music.wav")
            let (film, _) = try await export(
                """
                {"clips":["a.mp4"],"loudness":\(target),"audio":[{"path":"music.wav","loop":true,
                "volume":0.5,"duck":true,"fade_in":1,"fade_out":1,"start":1}]}
                """, scratch)
            let arguments = [
                "-hide_banner", "-nostats", "-nostdin", "-i", film, "-map", "0:a", "-af",
                "ebur128=framelog=verbose:peak=true", "-f", "null", "-",
            ]
            let outcome = try await ProcessRunner().run(ProcessCommand("ffmpeg", arguments, in: scratch.root)) { _ in }
            let found = try #require(Loudness(summary: outcome.complaint))
            #expect(abs(found.integrated - target) <= 0.5, "\(found)")
            #expect(found.truePeak <= -0.5, "\(found)")
        }
    }

    @Test(arguments: [
        (#"{"clips":[{"url":"/etc/passwd"}]}"#, FailureCode.configError),
        (#"{"clips":[{"url":"file:///etc/passwd"}]}"#, .configError),
        (#"{"clips":["list.m3u8"]}"#, .invalidJob),
        (#"{"clips":["script.mp4"]}"#, .invalidJob),
        (#"{"clips":["pipe.mp4"]}"#, .invalidJob),
        (#"{"clips":["link.mp4"]}"#, .invalidJob),
        (#"{"clips":["missing.mp4"]}"#, .invalidJob),
        (#"{"clips":["../a.mp4"]}"#, .invalidJob),
        (#"{"clips":["https://two words/a.mp4"]}"#, .invalidJob),
        (#"{"clips":["s3://bucket/a.mp4"]}"#, .configError),
        (#"{"clips":["job:nobody"]}"#, .dependencyFailed),
        (#"{"clips":["sound.wav"]}"#, .invalidJob),
        (#"{"clips":["a.mp4"],"captions":"/etc/passwd"}"#, .configError),
        (#"{"clips":["a.mp4"],"audio":["list.m3u8"]}"#, .invalidJob),
        (#"{"clips":[{"path":"a.mp4","start":5}]}"#, .invalidJob),
    ])
    func hostileSource_isRefused(params: String, code: FailureCode) async throws {
        try await withScratch { scratch in
            let inputs = scratch.inputs
            try await Self.clip.make("\(inputs)/a.mp4", in: scratch)
            try await scratch.ffmpeg("-f", "lavfi", "-i", "sine=d=1", "\(inputs)/sound.wav")
            let files = [
                "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
                "script.mp4": "ffconcat version 1.0\nfile '/etc/passwd'\n",
            ]
            for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(inputs)/\(name)")) }
            #expect(mkfifo("\(inputs)/pipe.mp4", 0o600) == 0)
            try FileManager.default.createSymbolicLink(
                atPath: "\(inputs)/link.mp4", withDestinationPath: "/etc/passwd")
            let failure = await failure { _ = try await export(params, scratch) }
            #expect(failure?.code == code, "\(String(describing: failure))")
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
        }
    }

    @Test func stitcher_keepsTheBackendRules() async throws {
        try await withScratch { scratch in
            let roots = scratch.root + "/media"
            try FileManager.default.createDirectory(atPath: roots, withIntermediateDirectories: true)
            try await Self.clip.make("\(roots)/a.mp4", in: scratch)
            func work(_ params: String) throws -> JobRequest.Work {
                try JobRequest(JobDocument(reading: Array(#"{"type":"EXPORT","params":\#(params)}"#.utf8))).work
            }
            let long = Array(repeating: #"{"path":"\#(roots)/a.mp4","speed":0.1}"#, count: 60).joined(separator: ",")
            let conformance = BackendConformance(
                StitchBackend(configuration: BackendConfiguration(mediaRoots: [roots])),
                good: try work(#"{"clips":["\#(roots)/a.mp4"],"preview_gif":true}"#),
                failing: try work(#"{"clips":["/etc/passwd"]}"#), with: .configError,
                endless: try work(#"{"clips":[\#(long)],"output":{"size":"1080p","quality":"high"}}"#))
            let folder = try scratch.another("conformance")
            #expect(await conformance.findings(in: folder) == [])
        }
    }

    @Test func cancelHalfWay_leavesNothing_andTheNextTryGoesOnFromItsParts() async throws {
        try await withScratch { scratch in
            try await Self.clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            let cache = try scratch.another("cache")
            let pieces = (0..<8).map { #"{"path":"a.mp4","start":\#(Double($0) * 0.1),"end":1.9}"# }
            let params = #"{"clips":[\#(pieces.joined(separator: ","))]}"#
            let request = try scratch.request(#"{"type":"EXPORT","params":\#(params)}"#, cache: cache)
            let isHalf = Bell()
            let task = Task {
                try await StitchBackend().run(request) { event in
                    if case .progress(let percent, _) = event, percent >= 45 { isHalf.ring() }
                }
            }
            await isHalf.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
            let kept = try Self.films(cache)
            #expect((1...8).contains(kept.count))
            let (film, runs) = try await counted(params, scratch, cache: cache)
            #expect(try Self.films(cache).count == 8)
            // Those that were kept were not made again.
            #expect(runs.parts == 8 - kept.count)
            #expect(try await FilmMeasurement(film, in: scratch).frameCount == Int(24 * (8 * 1.9 - 2.8) + 0.5))
        }
    }

    private static func films(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".mp4") }.sorted()
    }

    /// Exports, and counts what was made: parts, and runs that decode or encode sound.
    private func counted(
        _ params: String, _ scratch: Scratch, cache: String
    ) async throws -> (film: String, runs: (parts: Int, sounds: Int)) {
        let (program, log) = try scratch.countingFFmpeg()
        try? FileManager.default.removeItem(atPath: log)
        let request = try scratch.request(
            #"{"type":"EXPORT","params":\#(params)}"#, scratch: try scratch.another(UUID().uuidString), cache: cache)
        let backend = StitchBackend(configuration: BackendConfiguration(ffmpeg: program))
        let files = try await backend.run(request) { _ in }
        for file in files { _ = try await FilmGate().check(file, in: request.scratch) }
        let lines = String(decoding: try scratch.bytes(log), as: UTF8.self).split(separator: "\n")
        let parts = lines.count { $0.contains("-progress") }
        let sounds = lines.count { $0.contains(".wav") || $0.contains("ebur128") || $0.hasSuffix("sound.m4a") }
        return ("\(request.scratch)/\(try #require(files.first).name)", (parts, sounds))
    }

    @Test func editedFilm_isMadeFromWhatIsKept() async throws {
        try await withScratch { scratch in
            for name in ["a", "b"] { try await Self.clip.make("\(scratch.inputs)/\(name).mp4", in: scratch) }
            try await scratch.ffmpeg("-f", "lavfi", "-i", "sine=d=2", "\(scratch.inputs)/music.wav")
            let cache = try scratch.another("cache")
            func film(_ order: [Int], caption: String = "b", music: Bool = false) -> String {
                let clips = order.map {
                    #"{"path":"\#(["a", "b"][$0]).mp4","start":0.\#($0 + 1),"caption":"\#(["a", caption][$0])"}"#
                }
                return #"{"clips":[\#(clips.joined(separator: ","))]\#(music ? #","audio":["music.wav"]"# : "")}"#
            }
            let first = try await counted(film([0, 1]), scratch, cache: cache).runs
            #expect(first.parts == 2 && first.sounds == 3)
            let caption = try await counted(film([0, 1], caption: "c"), scratch, cache: cache).runs
            #expect(caption.parts == 1 && caption.sounds == 0, "another caption leaves the sound as it is")
            let moved = try await counted(film([1, 0]), scratch, cache: cache).runs
            #expect(moved.parts == 0 && moved.sounds == 3)
            let music = try await counted(film([0, 1], music: true), scratch, cache: cache)
            #expect(music.runs.parts == 0 && music.runs.sounds == 2, "only mixed and encoded")
            let again = try await counted(film([0, 1], music: true), scratch, cache: cache)
            #expect(again.runs == (0, 0))
            let (old, new) = try await (
                FilmMeasurement(music.film, in: scratch), FilmMeasurement(again.film, in: scratch)
            )
            #expect(old.tones == new.tones && old.soundLength == new.soundLength && old.frameCount == new.frameCount)
        }
    }

    @Test func sourceKnownByItsContent_isNotProbedAgain() async throws {
        try await withScratch { scratch in
            try await Self.clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            let cache = try scratch.another("cache")
            let params = #"{"clips":["a.mp4"]}"#
            _ = try await export(params, scratch, into: try scratch.another("1"), cache: cache)
            // The same film as another file, as the next job gets it.
            let bytes = try scratch.bytes("\(scratch.inputs)/a.mp4")
            try FileManager.default.removeItem(atPath: "\(scratch.inputs)/a.mp4")
            try bytes.write(to: URL(filePath: "\(scratch.inputs)/a.mp4"))
            let request = try scratch.request(
                #"{"type":"EXPORT","params":\#(params)}"#, scratch: try scratch.another("2"), cache: cache)
            let blind = StitchBackend(configuration: BackendConfiguration(ffprobe: "/nonexistent/ffprobe"))
            #expect(try await blind.run(request) { _ in }.count == 1)
        }
    }

    @Test func captionsOfAllKinds_neitherBreakTheGraphNorAreLost() async throws {
        try await withScratch { scratch in
            try await Self.clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            try Data("1\n00:00:00,200 --> 00:00:01,500\nFrom a file\n".utf8)
                .write(to: URL(filePath: "\(scratch.inputs)/c.srt"))
            let texts = [
                "it's 100%: a\\b {\\fs500} x", "one\ntwo", "السلام عليكم", "漢字かな", "🎬 emoji", "[Events]\nDialogue: 0",
                "';[0:v]drawtext=text='", "%{pts}",
            ]
            let lines = texts.enumerated().map { index, text in
                JSONValue.object([
                    "text": .string(text), "start": .number(Double(index) * 0.2),
                    "end": .number(Double(index) * 0.2 + 0.3),
                ])
            }
            let captions = JSONValue.object(["mode": "both", "lines": .array(lines), "file": "c.srt"])
            let warnings = EventLog()
            let (film, _) = try await export(
                #"{"clips":["a.mp4"],"captions":\#(JSONWriter.compact(captions))}"#, scratch
            ) { warnings.add($0) }
            let back = "\(scratch.root)/back.srt"
            try await scratch.ffmpeg("-i", film, "-map", "0:s:0", back)
            let text = String(decoding: try scratch.bytes(back), as: UTF8.self)
            for part in ["From a file", "it's 100%: a", "السلام عليكم", "漢字かな", "🎬 emoji", "';[0:v]drawtext=text='"] {
                #expect(text.contains(part), "\(part) in \(text)")
            }
            #expect(warnings.warnings.contains { $0.contains("No installed font has") }, "\(warnings.warnings)")
        }
    }
}

/// Rings once for all who wait.
private final class Bell: Sendable {
    private let stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation
    init() { (stream, continuation) = AsyncStream.makeStream() }
    func ring() { continuation.finish() }
    func wait() async { for await _ in stream {} }
}
