import Foundation
import JobCore
import Testing

@testable import Backends

@Suite("Film gate", .timeLimit(.minutes(10)))
struct FilmGateTests {
    private let gate = FilmGate()

    /// A film of 1 s, 25 frames, 64x48, with sound.
    private func film(_ scratch: Scratch, _ extra: String...) async throws -> String {
        let path = scratch.path + "/video.mp4"
        let command = ProcessCommand(
            "ffmpeg",
            [
                "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=1", "-f", "lavfi", "-i", "sine=d=1",
                "-pix_fmt", "yuv420p", "-g", "5", "-movflags", "+faststart",
            ] + extra + [path], in: scratch.root)
        try await ProcessRunner().run(command, report: { _ in }).requireSuccess(of: command)
        return path
    }

    private func promise(_ duration: Double, _ width: Int = 64, _ height: Int = 48) throws -> ProducedFile.Promise {
        ProducedFile.Promise(
            duration: duration, size: try #require(FrameSize(width: width, height: height)), framesPerSecond: 25)
    }

    private func reason(_ file: ProducedFile, _ scratch: Scratch) async -> String {
        let failure = await failure { _ = try await gate.check(file, in: scratch.path) }
        #expect(failure == nil || failure?.code == .invalidVideo)
        return failure?.message ?? "passed"
    }

    @Test func check_ofAFilmThatKeepsItsPromise_givesTheFacts() async throws {
        try await withScratch { scratch in
            _ = try await film(scratch)
            for duration in [1, 1.04, 0.96] {
                let file = ProducedFile(name: "video.mp4", kind: .video, promise: try promise(duration))
                let facts = try await gate.check(file, in: scratch.path)
                #expect(
                    facts
                        == MediaFacts(
                            duration: 1, width: 64, height: 48, framesPerSecond: 25, videoCodec: "h264",
                            audioCodec: "aac"))
            }
        }
    }

    @Test func check_ofAFilmThatBreaksItsPromise_saysWhere() async throws {
        try await withScratch { scratch in
            _ = try await film(scratch)
            let long = ProducedFile(name: "video.mp4", kind: .video, promise: try promise(1.1))
            #expect(await reason(long, scratch) == "video.mp4 lasts 1 s, asked was 1.1 s.")
            let wide = ProducedFile(name: "video.mp4", kind: .video, promise: try promise(1, 66, 48))
            #expect(await reason(wide, scratch) == "video.mp4 is 64x48, asked was 66x48.")
            #expect(await reason(ProducedFile(name: "video.mp4", kind: .video), scratch) == "passed")
        }
    }

    @Test(arguments: [0.5, 0.7, 0.9, 0.97, 0.999])
    func check_ofACutFilm_isRefused(share: Double) async throws {
        try await withScratch { scratch in
            let path = try await film(scratch)
            let bytes = try scratch.bytes(path)
            try bytes.prefix(Int(Double(bytes.count) * share)).write(to: URL(filePath: path))
            let file = ProducedFile(name: "video.mp4", kind: .video, promise: try promise(1))
            #expect(await reason(file, scratch) != "passed")
        }
    }

    @Test func check_ofCutSound_isRefused() async throws {
        try await withScratch { scratch in
            let path = scratch.path + "/a.m4a"
            try await scratch.ffmpeg("-f", "lavfi", "-i", "sine=d=2", "-movflags", "+faststart", path)
            #expect(await reason(ProducedFile(name: "a.m4a", kind: .audio), scratch) == "passed")
            let bytes = try scratch.bytes(path)
            try bytes.prefix(bytes.count * 8 / 10).write(to: URL(filePath: path))
            #expect(await reason(ProducedFile(name: "a.m4a", kind: .audio), scratch).contains("a.m4a"))
        }
    }

    @Test func check_ofAFilmWhoseEndIsGarbage_isRefused() async throws {
        try await withScratch { scratch in
            let path = try await film(scratch, "-an")
            var bytes = try scratch.bytes(path)
            bytes.replaceSubrange(bytes.count - 1500..<bytes.count, with: [UInt8](repeating: 0xFF, count: 1500))
            try bytes.write(to: URL(filePath: path))
            let file = ProducedFile(name: "video.mp4", kind: .video, promise: try promise(1))
            #expect(await reason(file, scratch).contains("does not decode at its end"))
        }
    }

    @Test func check_ofTextOrNothing_isRefused() async throws {
        try await withScratch { scratch in
            let file = ProducedFile(name: "video.mp4", kind: .video)
            #expect(await reason(file, scratch) == "video.mp4 was not made.")
            let url = URL(filePath: scratch.path + "/video.mp4")
            try Data().write(to: url)
            #expect(await reason(file, scratch) == "video.mp4 is empty.")
            try Data("#EXTM3U\n/etc/passwd".utf8).write(to: url)
            #expect(await reason(file, scratch).hasPrefix("video.mp4 is no media file"))
            try FileManager.default.removeItem(at: url)
            try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: "/etc/passwd")
            #expect(await reason(file, scratch) == "video.mp4 was not made.")
            #expect(
                await reason(ProducedFile(name: "../video.mp4", kind: .data), scratch).contains("no plain file name"))
        }
    }

    @Test func check_ofSound_needsSound() async throws {
        try await withScratch { scratch in
            try await scratch.ffmpeg("-f", "lavfi", "-i", "sine=d=1", scratch.path + "/a.wav")
            let facts = try await gate.check(ProducedFile(name: "a.wav", kind: .audio), in: scratch.path)
            #expect(facts == MediaFacts(duration: 1, audioCodec: "pcm_s16le"))
            #expect(await reason(ProducedFile(name: "a.wav", kind: .video), scratch) == "a.wav has no picture.")
            _ = try await film(scratch, "-an")
            #expect(await reason(ProducedFile(name: "video.mp4", kind: .audio), scratch) == "video.mp4 has no sound.")
        }
    }

    @Test func check_ofDataPicturesAndPosters_wantsThemThere() async throws {
        try await withScratch { scratch in
            try Data().write(to: URL(filePath: scratch.path + "/empty"))
            #expect(await reason(ProducedFile(name: "empty", kind: .data), scratch) == "passed")
            #expect(await reason(ProducedFile(name: "empty", kind: .image), scratch) == "empty is empty.")
            _ = try await film(scratch)
            let file = ProducedFile(name: "video.mp4", kind: .video, poster: "poster.jpg")
            #expect(await reason(file, scratch) == "poster.jpg was not made.")
            let sheet = ProducedFile(name: "video.mp4", kind: .video, contactSheet: "contact.jpg")
            #expect(await reason(sheet, scratch) == "contact.jpg was not made.")
            try Data().write(to: URL(filePath: scratch.path + "/contact.jpg"))
            #expect(await reason(sheet, scratch) == "contact.jpg is empty.")
            try Data([1]).write(to: URL(filePath: scratch.path + "/contact.jpg"))
            #expect(await reason(sheet, scratch) == "passed")
        }
    }

    @Test func check_withoutFFprobe_saysWhatToInstall() async throws {
        try await withScratch { scratch in
            let path = try await film(scratch)
            // Everyday MP4 files are read without it.
            try await scratch.ffmpeg("-i", path, "-c", "copy", scratch.path + "/video.mkv")
            let gate = FilmGate(configuration: BackendConfiguration(ffprobe: "/nowhere/ffprobe"))
            #expect(
                try await gate.check(ProducedFile(name: "video.mp4", kind: .video), in: scratch.path)?.duration == 1)
            let failure = await failure {
                _ = try await gate.check(ProducedFile(name: "video.mkv", kind: .video), in: scratch.path)
            }
            #expect(failure?.code == .configError && failure?.hint == "apt-get install ffmpeg")
        }
    }
}
