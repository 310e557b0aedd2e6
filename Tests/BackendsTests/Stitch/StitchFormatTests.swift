import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

/// Films in every codec and container that can be asked for, really made.
@Suite("Formats of films", .timeLimit(.minutes(10)))
struct StitchFormatTests {
    /// QuickTime has no AV1.
    static let kinds = TimelineOutput.Codec.allCases.flatMap { codec in
        TimelineOutput.Format.allCases.map { (codec, $0) }
    }.filter { $0 != (.av1, .mov) }

    private static let clip = FlashClip(size: "192x108", rate: 24, sound: .stereo)

    private func make(
        _ codec: TimelineOutput.Codec, _ format: TimelineOutput.Format, _ scratch: Scratch, more: String = ""
    ) async throws -> (request: BackendRequest, file: ProducedFile) {
        let request = try scratch.request(
            """
            {"type":"EXPORT","params":{"clips":["a.mp4",{"path":"a.mp4","start":0.5}],"transition":"crossfade",
            "captions":{"mode":"both","lines":[{"text":"Hello","start":0.2,"end":2.5}]},"loudness":"off",
            "output":{"codec":"\(codec)","format":"\(format)","quality":"draft"\(more)}}}
            """, scratch: try scratch.another(UUID().uuidString))
        let files = try await StitchBackend().run(request) { _ in }
        return (request, try #require(files.first))
    }

    @Test(arguments: kinds)
    func film_isWhatWasAskedFor(codec: TimelineOutput.Codec, format: TimelineOutput.Format) async throws {
        try await withScratch { scratch in
            try await Self.clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            let (request, file) = try await make(codec, format, scratch)
            #expect(file.name == "film.\(format)")
            let facts = try await FilmGate().check(file, in: request.scratch)
            #expect(facts?.videoCodec == codec.rawValue && facts?.audioCodec == "aac")
            let path = "\(request.scratch)/\(file.name)"
            let streams = try await scratch.probe("stream=codec_name,codec_tag_string,pix_fmt", of: path)
            #expect(streams.contains("\(codec)") && streams.contains("yuv420p"), "\(streams)")
            #expect(streams.contains(format == .mkv ? "subrip" : "mov_text"), "\(streams)")
            // Players of Apple take HEVC under this name only.
            if codec == .hevc, format != .mkv { #expect(streams.contains("hvc1"), "\(streams)") }
            let measured = try await FilmMeasurement(path, in: scratch)
            #expect(measured.frameCount == 2 * 24 + 36 - 12)
            #expect(measured.flashes.count == 2 && measured.tones.count == 2)
            for (flash, tone) in zip(measured.flashes, measured.tones) {
                #expect(abs(flash - tone) <= 1 / 24.0 + 0.002, "\(flash) \(tone)")
            }
            let recipe = try await scratch.probe("format_tags=comment", of: path)
            #expect(recipe.contains("EXPORT"), "\(recipe)")
        }
    }

    @Test func fastFilm_inMatroska_isNotRefusedForItsLeadIn() async throws {
        try await withScratch { scratch in
            try await Self.clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            let (request, file) = try await make(.h264, .mkv, scratch, more: #","fps":60"#)
            let facts = try await FilmGate().check(file, in: request.scratch)
            #expect(abs((facts?.duration ?? 0) - 3) <= 1 / 60.0 + 0.002)
        }
    }

    @Test(arguments: kinds)
    func filmCutShort_isRefusedByTheGate(codec: TimelineOutput.Codec, format: TimelineOutput.Format) async throws {
        try await withScratch { scratch in
            try await Self.clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            let (request, file) = try await make(codec, format, scratch)
            let url = URL(filePath: "\(request.scratch)/\(file.name)")
            let bytes = try Data(contentsOf: url)
            try bytes.prefix(bytes.count * 7 / 10).write(to: url)
            let failure = await failure { _ = try await FilmGate().check(file, in: request.scratch) }
            #expect(failure?.code == .invalidVideo || failure?.code == .ffmpegError, "\(String(describing: failure))")
        }
    }

    @Test(arguments: TimelineOutput.Codec.allCases)
    func equalClips_ofAnyCodec_areTakenOverAsTheyAre(codec: TimelineOutput.Codec) async throws {
        try await withScratch { scratch in
            try await Self.clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            let encoder = FilmEncoder(
                output: TimelineOutput(codec: codec, quality: .draft), rate: FrameRate(24))
            try await scratch.ffmpeg(
                ["-i", "\(scratch.inputs)/a.mp4", "-c:a", "copy"] + encoder.pictureArguments(threads: 1)
                    + ["\(scratch.inputs)/b.mp4"])
            let log = EventLog()
            let formats = Self.kinds.filter { $0.0 == codec }.map(\.1)
            for format in formats {
                let request = try scratch.request(
                    """
                    {"type":"EXPORT","params":{"clips":["b.mp4","b.mp4"],
                    "output":{"codec":"\(codec)","format":"\(format)"}}}
                    """, scratch: try scratch.another("\(format)"))
                let file = try #require(try await StitchBackend().run(request) { log.add($0) }.first)
                _ = try await FilmGate().check(file, in: request.scratch)
                let measured = try await FilmMeasurement("\(request.scratch)/\(file.name)", in: scratch)
                #expect(measured.frameCount == 96 && measured.flashes.count == 2)
                for (flash, tone) in zip(measured.flashes, measured.tones) {
                    #expect(abs(flash - tone) <= 1 / 24.0 + 0.002, "\(format): \(flash) \(tone)")
                }
            }
            #expect(log.lines.count { $0.contains("pictures taken over as they are") } == formats.count, "\(log.lines)")
            #expect(!log.lines.contains { $0.contains("whitelist") }, "\(log.lines)")
        }
    }
}
