import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

@Suite("Recipes in films", .timeLimit(.minutes(10)))
struct RecipeProbeTests {
    private let preview = PreviewBackend()
    private let probe = RecipeProbe()
    private static let small = #""duration":0.2,"resolution":"64x64""#

    private func problem(_ path: String, with probe: RecipeProbe? = nil) async -> RecipeProblem.Reason? {
        do {
            _ = try await (probe ?? self.probe).recipe(of: path)
            return nil
        } catch {
            return (error as? RecipeProblem)?.reason
        }
    }

    @Test(arguments: [#"a=b;c#d\\e\n\"q\" ; [CHAPTER] 漢 👩‍🚀 é"#, "plain"])
    func render_carriesItsRecipe(prompt: String) async throws {
        try await withScratch { scratch in
            let json = #"{"type":"RENDER","params":{"prompt":""# + prompt + #"","# + Self.small + "}}"
            let request = try scratch.request(json)
            _ = try await preview.run(request) { _ in }
            var expected = try #require(request.recipe)
            expected.note = FilmOutput.note
            #expect(try await probe.recipe(of: scratch.path + "/video.mp4") == expected)
            let tags = try await scratch.probe("format_tags=title", of: scratch.path + "/video.mp4")
            #expect(tags == "Kinospool local preview")
        }
    }

    @Test func speech_carriesItsRecipe() async throws {
        try await withScratch { scratch in
            let request = try scratch.request(#"{"type":"TTS","params":{"text":"hello"}}"#)
            _ = try await preview.run(request) { _ in }
            let recipe = try await probe.recipe(of: scratch.path + "/speech.m4a")
            #expect(recipe.params == ["text": "hello", "seed": 42] && recipe.note == PreviewSpeech.note)
        }
    }

    @Test func film_ofAJobThatWantsNone_saysOnlyWhatItIs() async throws {
        try await withScratch { scratch in
            let json = #"{"type":"RENDER","params":{"prompt":"secret plans","embed_recipe":false,"# + Self.small + "}}"
            _ = try await preview.run(scratch.request(json)) { _ in }
            let film = scratch.path + "/video.mp4"
            #expect(await problem(film) == .unreadable(.noRecipe))
            #expect(try await scratch.probe("format_tags=comment", of: film) == FilmOutput.note)
            #expect(!String(decoding: try scratch.bytes(film), as: UTF8.self).contains("secret plans"))
        }
    }

    @Test(arguments: ["mp4", "m4v", "mkv"])
    func remux_withoutOptions_keepsALongRecipeByteForByte(ending: String) async throws {
        try await withScratch { scratch in
            let extra = String(repeating: #"w{x}=;#"#, count: 30_000)
            let json = #"{"type":"RENDER","params":{"prompt":"p","extra":""# + extra + #"","# + Self.small + "}}"
            _ = try await preview.run(scratch.request(json)) { _ in }
            let first = try await probe.recipe(of: scratch.path + "/video.mp4")
            try await scratch.ffmpeg("-i", scratch.path + "/video.mp4", "-c", "copy", scratch.root + "/copy." + ending)
            let second = try await probe.recipe(of: scratch.root + "/copy." + ending)
            #expect(second.text == first.text && second.params["extra"] == .string(extra))
        }
    }

    @Test func recipe_beyondTheLimit_isLeftOutWithAWarning() async throws {
        try await withScratch { scratch in
            let extra = String(repeating: "x", count: Recipe.maximumBytes)
            let json = #"{"type":"RENDER","params":{"prompt":"p","extra":""# + extra + #"","# + Self.small + "}}"
            let log = EventLog()
            _ = try await preview.run(scratch.request(json)) { log.add($0) }
            #expect(log.warnings == ["The film carries no recipe: it has 512 KiB, the limit is 512 KiB."])
            #expect(await problem(scratch.path + "/video.mp4") == .unreadable(.noRecipe))
        }
    }

    @Test func recipe_justBelowTheLimit_isWrittenAndReadBack() async throws {
        try await withScratch { scratch in
            // Quotes are what grows most on the way: `\"` in the recipe, `\\\"` in ffprobe's answer.
            let extra = String(repeating: "\"", count: Recipe.maximumBytes / 2 - 300)
            var fields: [String: JSONValue] = ["prompt": "p", "duration": 0.2, "resolution": "64x64"]
            fields["extra"] = .string(extra)
            let json = JSONWriter.compact(["type": "RENDER", "params": .object(fields)])
            let log = EventLog()
            _ = try await preview.run(scratch.request(json)) { log.add($0) }
            #expect(log.warnings.isEmpty)
            #expect(try await probe.recipe(of: scratch.path + "/video.mp4").params["extra"] == .string(extra))
        }
    }

    @Test func probe_ofWhatIsNoFilm_saysSo() async throws {
        try await withScratch { scratch in
            let path = scratch.root + "/a.mp4"
            #expect(await problem(path) == .noSuchFile)
            #expect(await problem(scratch.root) == .notAFile)
            try Data("#EXTM3U\n/etc/passwd".utf8).write(to: URL(filePath: path))
            guard case .notAFilm = await problem(path) else { return #expect(Bool(false), "a playlist is no film") }
            try Data("ffconcat version 1.0\nfile /etc/passwd\n".utf8).write(to: URL(filePath: path))
            guard case .notAFilm = await problem(path) else { return #expect(Bool(false), "a script is no film") }
            try Data().write(to: URL(filePath: path))
            guard case .notAFilm = await problem(path) else { return #expect(Bool(false), "nothing is no film") }
        }
    }

    @Test func probe_ofAPipe_doesNotWaitForIt() async throws {
        try await withScratch { scratch in
            try #require(mkfifo(scratch.root + "/pipe.mp4", 0o600) == 0)
            #expect(await problem(scratch.root + "/pipe.mp4") == .notAFile)
        }
    }

    @Test func probe_ofAForeignFilm_findsNoRecipe() async throws {
        try await withScratch { scratch in
            try await scratch.ffmpeg(
                "-f", "lavfi", "-i", "testsrc=s=64x64:d=0.2", "-metadata", "comment=my holiday", scratch.path + "/a.mp4"
            )
            #expect(await problem(scratch.path + "/a.mp4") == .unreadable(.noRecipe))
        }
    }

    @Test func probe_thatHangs_isEndedAfterItsTime() async throws {
        try await withScratch { scratch in
            let program = scratch.root + "/ffprobe"
            try Data("#!/bin/sh\nexec sleep 1000\n".utf8).write(to: URL(filePath: program))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            try Data([1]).write(to: URL(filePath: scratch.root + "/a.mp4"))
            let slow = RecipeProbe(
                configuration: BackendConfiguration(ffprobe: program), timeLimit: .milliseconds(100))
            #expect(await problem(scratch.root + "/a.mp4", with: slow) == .tookTooLong)
        }
    }

    @Test func probe_withoutFFprobe_saysWhatToInstall() async throws {
        try await withScratch { scratch in
            try Data([1]).write(to: URL(filePath: scratch.root + "/a.mp4"))
            let bare = RecipeProbe(configuration: BackendConfiguration(ffprobe: "/nowhere/ffprobe"))
            let failure = await failure { _ = try await bare.recipe(of: scratch.root + "/a.mp4") }
            #expect(failure?.code == .configError && failure?.hint == "apt-get install ffmpeg")
        }
    }
}
