import Foundation
import JobCore
import Testing

@testable import Backends

/// Films from clips of every shape: each as long as planned, with picture and sound together.
@Suite("Stitched films", .timeLimit(.minutes(10)))
struct StitchMatrixTests {
    static let clips = [("832x480", 16), ("1280x720", 24), ("720x1280", 30), ("640x640", 25)].flatMap { size, rate in
        FlashClip.Sound.allCases.map { FlashClip(size: size, rate: rate, sound: $0) }
    }

    /// A second clip that fits the first in nothing.
    static let other = FlashClip(size: "640x360", rate: 24, sound: .stereo)

    @Test(arguments: clips)
    func film_ofAnyClips_hasItsLengthAndStaysInStep(clip: FlashClip) async throws {
        try await withScratch { scratch in
            try await clip.make("\(scratch.inputs)/a.mp4", in: scratch)
            _ = try scratch.another("cache")
            try await Self.other.make("\(scratch.inputs)/b.mp4", in: scratch)
            for transition in ["cut", "crossfade", "dip"] {
                for captions in ["none", "burnt", "soft"] {
                    try await check(clip, transition, captions, scratch)
                }
            }
        }
    }

    private func check(_ clip: FlashClip, _ transition: String, _ captions: String, _ scratch: Scratch) async throws {
        let name = "\(clip.testDescription), \(transition), captions \(captions)"
        let overlap = transition == "cut" ? 0 : 0.5
        let captionsText =
            captions == "none"
            ? "" : #","captions":{"mode":"\#(captions)","lines":[{"text":"Hello","start":0.2,"end":2.5}]}"#
        let request = try scratch.request(
            """
            {"type":"EXPORT","params":{"clips":["a.mp4",{"path":"b.mp4","start":0.5,"end":2}],
            "transition":"\(transition)","loudness":"off","poster":false,"contact_sheet":false,
            "output":{"quality":"draft"}\(captionsText)}}
            """, scratch: try scratch.another(UUID().uuidString), cache: scratch.root + "/cache")
        let files = try await StitchBackend().run(request) { _ in }
        let film = try #require(files.first)
        let facts = try await FilmGate().check(film, in: request.scratch)
        let frame = 1 / Double(clip.rate)
        let planned = clip.seconds + 1.5 - overlap
        #expect(abs((facts?.duration ?? 0) - planned) <= frame, "\(name)")
        let measured = try await FilmMeasurement("\(request.scratch)/\(film.name)", in: scratch)
        // To the frame: half frames of a transition are rounded once.
        let frames = Int((planned * Double(clip.rate)).rounded())
        #expect(abs(measured.frameCount - frames) <= 1, "\(name)")
        #expect(abs(measured.soundLength - planned) <= frame + 1024.0 / 48_000, "\(name)")
        let second = clip.seconds - overlap + FlashClip.moment - 0.5
        #expect(
            Self.agree(measured.flashes, [FlashClip.moment, second], within: frame), "\(name): \(measured.flashes)")
        let tones = clip.sound == .none ? [second] : [FlashClip.moment, second]
        #expect(Self.agree(measured.tones, tones, within: frame), "\(name): \(measured.tones)")
        for (flash, tone) in zip(measured.flashes.reversed(), measured.tones.reversed()) {
            #expect(abs(flash - tone) <= frame, "\(name): flash at \(flash), tone at \(tone)")
        }
    }

    private static func agree(_ found: [Double], _ expected: [Double], within tolerance: Double) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance + 0.002 }
    }
}
