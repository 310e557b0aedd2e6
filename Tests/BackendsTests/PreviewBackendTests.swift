import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

@Suite("Preview backend", .timeLimit(.minutes(10)))
struct PreviewBackendTests {
    private let preview = PreviewBackend()
    private let gate = FilmGate()

    private func render(_ params: String, seed: Int = 42, in scratch: Scratch, folder: String? = nil) async throws
        -> String
    {
        let json = #"{"type":"RENDER","params":{"resolution":"128x72","# + params + "}}"
        let request = try scratch.request(json, seed: seed, scratch: folder)
        let files = try await preview.run(request) { _ in }
        #expect(files.map(\.name) == ["video.mp4"] && files.first?.poster == "poster.jpg")
        #expect(files.first?.contactSheet == "contact.jpg")
        for file in files { _ = try await gate.check(file, in: request.scratch) }
        return request.scratch + "/video.mp4"
    }

    @Test func render_twiceWithOneSeed_givesTheSameBytes_andOthersWithAnother() async throws {
        try await withScratch { scratch in
            let params = #""prompt":"a fox","duration":1"#
            let one = try await render(params, in: scratch)
            let two = try await render(params, in: scratch, folder: scratch.another("two"))
            let other = try await render(params, seed: 43, in: scratch, folder: scratch.another("other"))
            #expect(try scratch.bytes(one) == scratch.bytes(two))
            #expect(try scratch.bytes(one) != scratch.bytes(other))
        }
    }

    @Test(arguments: [
        (#""duration":1,"fps":24"#, "24", "1.000000"), (#""duration":2.5,"fps":30"#, "75", "2.500000"),
        (#""duration":0.1"#, "2", "0.083333"), (#""duration":0.1,"fps":1"#, "1", "1.000000"),
        (#""num_frames":13,"duration":9,"fps":12.5"#, "13", "1.040000"),
        (#""duration":0.5,"fps":120"#, "60", "0.500000"),
    ])
    func render_lastsExactlyAsLongAsAsked(params: String, frames: String, seconds: String) async throws {
        try await withScratch { scratch in
            let film = try await render(#""prompt":"a","# + params, in: scratch)
            #expect(try await scratch.probe("stream=nb_frames", of: film).hasPrefix(frames + " "))
            #expect(try await scratch.probe("stream=duration", of: film).hasPrefix(seconds + " "))
            let whole = try #require(Double(try await scratch.probe("format=duration", of: film)))
            #expect(abs(whole - (Double(seconds) ?? 0)) < 0.03)
        }
    }

    @Test(arguments: [
        #"{\\pos(0,0)\\fs900}huge"#, #"it's \"quoted\", [v];[0:v]null,movie=/etc/passwd"#, #"a\nb\r\n\n\tc"#,
        #"👩‍🚀 שלום עולם مرحبا 漢字"#, #"%{pts} %% $(id) `id` ; rm -rf /"#, #"-i /etc/passwd"#, #"\\N\\h\\n"#,
    ])
    func render_ofAHostilePrompt_isAnOrdinaryFilm(prompt: String) async throws {
        try await withScratch { scratch in
            _ = try await render(#""duration":0.2,"prompt":""# + prompt + #"""#, in: scratch)
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
            #expect(left == ["contact.jpg", "poster.jpg", "video.mp4"])
        }
    }

    @Test func render_ofTheLongestPrompt_isAnOrdinaryFilm() async throws {
        try await withScratch { scratch in
            let prompt = String(repeating: "word {x} ", count: 1000).prefix(JobParameters.promptLimit)
            _ = try await render(#""duration":0.2,"prompt":""# + prompt + #"""#, in: scratch)
        }
    }

    @Test(arguments: [("9:16", "270x480"), ("1:1", "96x96"), ("tiny", "16x16"), ("odd", "101x57")])
    func render_inOtherShapes_keepsTheSize(name: String, resolution: String) async throws {
        try await withScratch { scratch in
            let json = #"{"type":"RENDER","params":{"prompt":"a","duration":0.2,"resolution":""# + resolution + #""}}"#
            let files = try await preview.run(scratch.request(json)) { _ in }
            let file = try #require(files.first)
            let facts = try await gate.check(file, in: scratch.path)
            #expect(facts?.width == file.promise?.size.width && facts?.height == file.promise?.size.height)
            #expect(facts?.videoCodec == "h264" && facts?.audioCodec == "aac")
        }
    }

    @Test func render_saysInItsMetadataWhatItIs_andPlaysWhileItLoads() async throws {
        try await withScratch { scratch in
            let film = try await render(#""prompt":"a","duration":0.5"#, in: scratch)
            let tags = try await scratch.probe("format_tags=title,comment", of: film)
            #expect(tags.contains("Kinospool local preview") && tags.contains("no video model made it"))
            #expect(try await scratch.probe("stream=pix_fmt", of: film).hasPrefix("yuv420p"))
            let text = String(decoding: try scratch.bytes(film), as: UTF8.self)
            let index = try #require(text.range(of: "moov"))
            let media = try #require(text.range(of: "mdat"))
            #expect(index.lowerBound < media.lowerBound)
        }
    }

    @Test func render_withoutFFmpeg_saysWhatToInstall() async throws {
        try await withScratch { scratch in
            let backend = PreviewBackend(configuration: BackendConfiguration(ffmpeg: "/nowhere/ffmpeg"))
            let request = try scratch.request(#"{"type":"RENDER","params":{"prompt":"a"}}"#)
            let failure = await failure { _ = try await backend.run(request) { _ in } }
            #expect(failure?.code == .configError && failure?.hint == "apt-get install ffmpeg")
        }
    }

    @Test func pan_overAnAttachedPicture_isAFilmOfTheAskedLength() async throws {
        try await withScratch { scratch in
            try await scratch.ffmpeg(
                "-f", "lavfi", "-i", "testsrc=s=160x120", "-frames:v", "1", scratch.inputs + "/a%03d.png")
            try FileManager.default.moveItem(
                atPath: scratch.inputs + "/a001.png", toPath: scratch.inputs + "/my %03d cat.png")
            let json = #"{"type":"IMG2VID","params":{"image":"my %03d cat.png","duration":0.5,"resolution":"128x72"}}"#
            let one = try await preview.run(scratch.request(json)) { _ in }
            let file = try #require(one.first)
            let facts = try await gate.check(file, in: scratch.path)
            #expect(facts?.duration == 0.5)
            let folder = try scratch.another("two")
            _ = try await preview.run(scratch.request(json, scratch: folder)) { _ in }
            #expect(try scratch.bytes(scratch.path + "/video.mp4") == scratch.bytes(folder + "/video.mp4"))
        }
    }

    @Test func pan_overAPictureInAMediaRoot_works_andOutsideIsRefused() async throws {
        try await withScratch { scratch in
            let root = try scratch.another("media")
            try await scratch.ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", root + "/a.jpg")
            let json =
                #"{"type":"IMG2VID","params":{"image":""# + root + #"/a.jpg","duration":0.2,"resolution":"64x64"}}"#
            let open = PreviewBackend(configuration: BackendConfiguration(mediaRoots: [root]))
            #expect(try await open.run(scratch.request(json)) { _ in }.count == 1)
            let closed = await failure { _ = try await preview.run(scratch.request(json)) { _ in } }
            #expect(closed?.code == .configError && closed?.hint.contains("KINOSPOOL_MEDIA_ROOTS") == true)
        }
    }

    @Test func speak_ofHostileText_isSoundAndLeavesNothingElse() async throws {
        try await withScratch { scratch in
            let json = #"{"type":"TTS","params":{"text":"-w /tmp/x {a} %{b} 'quoted' \\ it works"}}"#
            let files = try await preview.run(scratch.request(json)) { _ in }
            #expect(files == [ProducedFile(name: "speech.m4a", kind: .audio)])
            let file = try #require(files.first)
            let facts = try #require(try await gate.check(file, in: scratch.path))
            #expect(facts.duration > 0.5 && facts.audioCodec == "aac" && facts.videoCodec == nil)
            let form = try await scratch.probe("stream=sample_rate,channels", of: scratch.path + "/speech.m4a")
            #expect(form == "48000,2")
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["speech.m4a"])
        }
    }

    @Test func speak_withoutEspeak_usesTheVoiceInsideFFmpeg() async throws {
        try await withScratch { scratch in
            let backend = PreviewBackend(configuration: BackendConfiguration(espeak: "/nowhere/espeak-ng"))
            let log = EventLog()
            let request = try scratch.request(#"{"type":"TTS","params":{"prompt":"hello there"}}"#)
            let files = try await backend.run(request) { log.add($0) }
            let file = try #require(files.first)
            #expect(try await gate.check(file, in: scratch.path)?.audioCodec == "aac")
            #expect(log.lines.contains { $0.contains("inside ffmpeg") })
        }
    }

    @Test func speak_withAnUnknownVoice_isInvalid() async throws {
        try await withScratch { scratch in
            let request = try scratch.request(#"{"type":"TTS","params":{"text":"a","voice":"xx-nobody"}}"#)
            let failure = await failure { _ = try await preview.run(request) { _ in } }
            #expect(failure?.code == .invalidJob && failure?.message.contains("/params/voice") == true)
        }
    }

    @Test(arguments: [("LIPSYNC", "RUNPOD_LIPSYNC_ENDPOINT"), ("TRAIN_TWIN", "RUNPOD_LORA_ENDPOINT")])
    func run_ofWorkForAGPU_saysWhichSettingIsMissing(type: String, setting: String) async throws {
        try await withScratch { scratch in
            let request = try scratch.request(#"{"type":""# + type + #"","params":{"audio":"a.wav"}}"#)
            let failure = await failure { _ = try await preview.run(request) { _ in } }
            #expect(failure?.code == .configError)
            #expect(failure?.hint.contains(setting) == true && failure?.hint.contains("RUNPOD_API_KEY") == true)
        }
    }
}
