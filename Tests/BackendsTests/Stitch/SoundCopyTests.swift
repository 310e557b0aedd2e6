import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

/// Films whose sound is taken over without decoding.
@Suite("Sound taken over as it is", .timeLimit(.minutes(10)))
struct SoundCopyTests {
    /// No length is a whole number of packets, nor are two of them one.
    static let clip = FlashClip(size: "192x108", rate: 24, sound: .stereo, seconds: 2.125, hertz: 48_000)

    private func export(
        _ params: String, _ scratch: Scratch, cache: String? = nil
    ) async throws -> (film: String, log: EventLog) {
        let log = EventLog()
        let request = try scratch.request(
            #"{"type":"EXPORT","params":\#(params)}"#, scratch: try scratch.another(UUID().uuidString), cache: cache)
        let film = try #require(try await StitchBackend().run(request) { log.add($0) }.first)
        _ = try await FilmGate().check(film, in: request.scratch)
        return ("\(request.scratch)/\(film.name)", log)
    }

    private func isCopied(_ log: EventLog) -> Bool { log.lines.contains { $0.contains("sound taken over as it is") } }

    @Test(arguments: ["mp4", "mov", "mkv"])
    func tenClips_stayInStep_packetForPacket(format: String) async throws {
        try await withScratch { scratch in
            try await Self.clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            let clips = Array(repeating: "\"a.mp4\"", count: 11).joined(separator: ",")
            let (film, log) = try await export(
                #"{"clips":[\#(clips)],"loudness":"off","output":{"format":"\#(format)"}}"#, scratch)
            #expect(isCopied(log), "\(log.lines)")
            // The decoder's samples, without a look at the container's clock.
            let measured = try await FilmMeasurement(film, in: scratch)
            #expect(measured.frameCount == 11 * 51 && measured.flashes.count == 11 && measured.tones.count == 11)
            // Matroska has no edit list: the lead-in of the sound is a part of the film.
            let leadIn = format == "mkv" ? 1024.0 / 48_000 : 0
            for (index, (flash, tone)) in zip(measured.flashes, measured.tones).enumerated() {
                #expect(abs(flash - (Double(index) * 2.125 + 1 + leadIn)) < 0.002, "clip \(index): \(flash)")
                #expect(abs(flash - tone) <= 0.5 / 24, "clip \(index): \(flash) \(tone)")
            }
            #expect(abs(measured.soundLength - 11 * 2.125) <= 1024.0 / 48_000 + leadIn, "\(measured.soundLength)")
            // The same packets as in the clip, but for those at its end that give way.
            let (own, all) = (try await packets("\(scratch.inputs)/a.mp4", scratch), try await packets(film, scratch))
            #expect(Set(all).subtracting(own).isEmpty && all.count > own.count * 10 && all.prefix(90) == own.prefix(90))
        }
    }

    private func packets(_ path: String, _ scratch: Scratch) async throws -> [String] {
        let arguments = ["-v", "error", "-i", path, "-map", "0:a:0", "-c", "copy", "-f", "framemd5", "-"]
        let text = try await ProcessRunner().collect(ProcessCommand("ffmpeg", arguments, in: scratch.root)) { _ in }
            .text
        // Behind the packet's own hash others may stand.
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: ",")[5].trimmingCharacters(in: .whitespaces) }
    }

    @Test func seam_isHeardAsAFade_andTheNextClipFromItsFirstSample() async throws {
        try await withScratch { scratch in
            try await scratch.ffmpeg(
                "-f", "lavfi", "-i", "testsrc2=s=64x64:r=24:d=2.125", "-f", "lavfi", "-i",
                "aevalsrc='0.5*sin(2*PI*400*t)|0.5*sin(2*PI*400*t)':s=48000:d=2.125", "-pix_fmt", "yuv420p", "-c:a",
                "aac", "-aac_pns", "0", "-b:a", "192k", "\(scratch.inputs)/a.mp4")
            let (film, log) = try await export(#"{"clips":["a.mp4","a.mp4","a.mp4"],"loudness":"off"}"#, scratch)
            #expect(isCopied(log))
            let (own, all) = (try await samples("\(scratch.inputs)/a.mp4", scratch), try await samples(film, scratch))
            // Slots of 1024 samples: the nearest to 102,000 and 204,000.
            for start in [100 * 1024, 199 * 1024] {
                // Sample for sample: without noise that a decoder makes by chance, which the clip was made without.
                #expect(all[start..<start + 80_000] == own[0..<80_000])
                // What fades out is never louder than it was.
                let peak = all[start - 4096..<start].map { abs(Int($0)) }.max() ?? 0
                #expect(peak < 18_500, "\(peak)")
            }
        }
    }

    private func samples(_ path: String, _ scratch: Scratch) async throws -> [Int16] {
        let raw = "\(scratch.root)/\(UUID().uuidString).raw"
        try await scratch.ffmpeg(["-i", path, "-map", "0:a:0", "-ac", "1", "-f", "s16le", raw])
        return try scratch.bytes(raw).withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
    }

    @Test func clipsAtTheirLoudness_areTakenOver_othersAreBroughtThere() async throws {
        try await withScratch { scratch in
            try await scratch.ffmpeg(
                "-f", "lavfi", "-i", "testsrc2=s=64x64:r=24:d=3", "-f", "lavfi", "-i",
                "aevalsrc='0.05*sin(2*PI*400*t)|0.05*sin(2*PI*400*t)':s=48000:d=3", "-pix_fmt", "yuv420p", "-c:a",
                "aac", "-b:a", "192k", "\(scratch.inputs)/soft.mp4")
            let (loud, first) = try await export(#"{"clips":["soft.mp4"]}"#, scratch)
            #expect(!isCopied(first), "\(first.lines)")
            try FileManager.default.copyItem(atPath: loud, toPath: "\(scratch.inputs)/loud.mp4")
            let (film, second) = try await export(#"{"clips":["loud.mp4","loud.mp4"],"loudness":-14}"#, scratch)
            #expect(isCopied(second), "\(second.lines)")
            let arguments = [
                "-hide_banner", "-nostats", "-nostdin", "-i", film, "-map", "0:a", "-af",
                "ebur128=framelog=verbose:peak=true", "-f", "null", "-",
            ]
            let outcome = try await ProcessRunner().run(ProcessCommand("ffmpeg", arguments, in: scratch.root)) { _ in }
            let found = try #require(Loudness(summary: outcome.complaint))
            #expect(abs(found.integrated + 14) <= 0.5, "\(found)")
        }
    }

    @Test(arguments: ["-ac 1", "-ar 44100", "-c:a libmp3lame", "-b:a 128k -af volume=0.9"])
    func soundOfAnotherKind_isEncoded_andStaysInStep(options: String) async throws {
        try await withScratch { scratch in
            try await Self.clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            try await scratch.ffmpeg(
                ["-i", "\(scratch.inputs)/a.mp4", "-c:v", "copy"] + options.split(separator: " ").map(String.init)
                    + ["\(scratch.inputs)/b.mp4"])
            let (film, log) = try await export(#"{"clips":["a.mp4","b.mp4","a.mp4"],"loudness":"off"}"#, scratch)
            // Another bit rate is no other kind.
            #expect(isCopied(log) == options.contains("128k"), "\(log.lines)")
            let measured = try await FilmMeasurement(film, in: scratch)
            #expect(measured.flashes.count == 3 && measured.tones.count == 3)
            for (flash, tone) in zip(measured.flashes, measured.tones) { #expect(abs(flash - tone) <= 1 / 24.0) }
        }
    }
}
