import JobCore
import TestSupport
import Testing

@testable import Backends

/// Clips as phones write them: pictures that lie on their side, and a note in the index how to turn them.
@Suite("Turned clips", .timeLimit(.minutes(5)))
struct StitchTurnedTests {
    /// White above, black below, a little red on one side; then turned.
    private func makeClip(_ degrees: Int, _ scratch: Scratch) async throws {
        let picture =
            "color=c=black:s=192x108:r=24:d=1,drawbox=w=192:h=54:c=white:t=fill"
            + ",drawbox=w=40:h=108:c=red:t=fill"
        let upright = "\(scratch.root)/upright.mp4"
        try await scratch.ffmpeg([
            "-f", "lavfi", "-i", picture, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", upright,
        ])
        try await scratch.ffmpeg([
            "-i", upright, "-c", "copy", "-metadata:s:v:0", "rotate=\(degrees)", "\(scratch.inputs)/turned.mp4",
        ])
    }

    /// Four by four pixels of the first picture, as a player turns it.
    private func look(_ path: String, _ scratch: Scratch) async throws -> [UInt8] {
        let raw = "\(scratch.root)/look.raw"
        try await scratch.ffmpeg([
            "-i", path, "-frames:v", "1", "-vf", "scale=4:4:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", raw,
        ])
        return try Array(scratch.bytes(raw))
    }

    @Test(arguments: [90, 180, 270])
    func turnedClip_isUprightInTheFilm_alsoBesideItself(degrees: Int) async throws {
        try await withScratch { scratch in
            try await makeClip(degrees, scratch)
            let request = try scratch.request(#"{"type":"EXPORT","params":{"clips":["turned.mp4","turned.mp4"]}}"#)
            let file = try #require(try await StitchBackend().run(request) { _ in }.first)
            let facts = try #require(try await FilmGate().check(file, in: request.scratch))
            #expect(facts.width == (degrees == 180 ? 192 : 108) && facts.height == (degrees == 180 ? 108 : 192))
            let film = "\(request.scratch)/\(file.name)"
            // The film itself is not turned by its index any more.
            #expect(MovieFile.index(of: film) != nil)
            let (wanted, found) = (
                try await look("\(scratch.inputs)/turned.mp4", scratch), try await look(film, scratch)
            )
            #expect(found.count == 48 && Set(wanted).count > 4)
            for (one, other) in zip(wanted, found) { #expect(abs(Int(one) - Int(other)) < 40) }
        }
    }
}
