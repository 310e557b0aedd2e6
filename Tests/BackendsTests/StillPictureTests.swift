import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

@Suite("Still pictures of films", .timeLimit(.minutes(10)))
struct StillPictureTests {
    private func sheet(_ width: Int, _ height: Int, duration: Double = 5, frames: Int = 120) throws -> ContactSheet {
        let film = FilmReel(
            "film.mp4", in: "/scratch", frameCount: frames, rate: FrameRate(Double(frames) / duration),
            size: try #require(FrameSize(width: width, height: height)))
        return ContactSheet(of: film, picture: "/scratch/contact.jpg")
    }

    private func text(_ sheet: ContactSheet) -> String { sheet.arguments.joined(separator: "\n") + "\n" }

    @Test func sheet_ofAShortFilm_isTheRecordedCommand() throws {
        try Golden.expect(text(try sheet(854, 480)), equals: "contact-whole")
    }

    @Test func sheet_ofALongPortrait_isTheRecordedCommand() throws {
        try Golden.expect(text(try sheet(1080, 1920, duration: 90, frames: 2160)), equals: "contact-keyframes")
    }

    @Test(arguments: [
        (1920, 1080, 120, 4, 3, 320, 180), (1080, 1920, 120, 3, 4, 320, 568), (500, 500, 120, 4, 3, 320, 320),
        (64, 64, 120, 4, 3, 64, 64), (1920, 1080, 1, 1, 1, 320, 180), (1920, 1080, 5, 4, 2, 320, 180),
        (1080, 1920, 2, 2, 1, 320, 568), (8192, 16, 12, 4, 3, 320, 2),
    ])
    func sheet_hasAsManyTilesAsItNeeds(
        width: Int, height: Int, frames: Int, columns: Int, rows: Int, tileWidth: Int, tileHeight: Int
    ) throws {
        let sheet = try sheet(width, height, frames: frames)
        #expect(sheet.columns == columns && sheet.rows == rows)
        #expect(sheet.tileSize == (tileWidth, tileHeight))
        #expect(sheet.moments.count == min(12, frames) && sheet.moments.allSatisfy { $0 > 0 && $0 < 5 })
    }

    /// Takes pictures of a film of grey frames, each brighter than the one before; returns what was seen.
    private func look(
        at source: String, _ arguments: String..., duration: Double, rate: Double, in scratch: Scratch,
        log: EventLog = EventLog()
    ) async throws -> (look: FilmLook, size: String) {
        let film = scratch.path + "/film.mp4"
        let command = ProcessCommand(
            "ffmpeg",
            ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", source + ",format=yuv420p"] + arguments
                + ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", film], in: scratch.root)
        try await ProcessRunner().run(command, report: { _ in }).requireSuccess(of: command)
        let size = try #require(FrameSize(width: 64, height: 32))
        let reel = FilmReel(
            "film.mp4", in: scratch.path, frameCount: Int(duration * rate), rate: FrameRate(rate), size: size)
        let look = try await StillPhotographer(ffmpeg: "ffmpeg", runner: ProcessRunner(), scratch: scratch.path)
            .take(reel) { log.add($0) }
        return (look, try await scratch.probe("stream=width,height", of: scratch.path + "/contact.jpg"))
    }

    /// A frame's luma is 40 and twice its number.
    private static let stairs = "color=s=64x32:r=12:c=black,geq=lum='min(235,40+2*N)':cb=128:cr=128"

    @Test func whole_takesTheMiddleOfEachPart() async throws {
        try await withScratch { scratch in
            let seen = try await look(at: Self.stairs, "-t", "3", duration: 3, rate: 12, in: scratch)
            // 36 frames, 12 parts of three: of each the middle one.
            #expect(seen.look.highestLumas == (0..<12).map { 40 + 2 * ($0 * 3 + 1) })
            #expect(seen.size == "256,96" && !seen.look.isBlack)
            let poster = try await scratch.probe("stream=width,height", of: scratch.path + "/poster.jpg")
            #expect(poster == "64,32")
        }
    }

    @Test(arguments: [1, 2, 3, 5, 11, 12, 13])
    func whole_ofFewFrames_showsEachOnce(count: Int) async throws {
        try await withScratch { scratch in
            let seen = try await look(
                at: Self.stairs, "-frames:v", "\(count)", duration: Double(count) / 12, rate: 12, in: scratch)
            #expect(seen.look.highestLumas.count == min(12, count))
            #expect(Set(seen.look.highestLumas).count == min(12, count))
            if count <= 12 { #expect(seen.look.highestLumas == (0..<count).map { 40 + 2 * $0 }) }
        }
    }

    @Test func keyframes_ofALongFilm_areThoseBeforeEachMoment() async throws {
        try await withScratch { scratch in
            // A keyframe each second, a frame each quarter of one: 24 s, 12 parts, moments at 1, 3, 5, …
            let source = "color=s=64x32:r=4:c=black,geq=lum='min(235,40+2*N)':cb=128:cr=128"
            let seen = try await look(
                at: source, "-t", "24", "-g", "4", "-sc_threshold", "0", duration: 24, rate: 4, in: scratch)
            #expect(seen.look.highestLumas == (0..<12).map { 40 + 2 * (4 + 8 * $0) })
            #expect(seen.size == "256,96")
        }
    }

    /// Frames, and the frame that a poster shows.
    @Test(arguments: [
        ([1], 0), ([100], 39), ([40, 40, 40], 47), ([10, 76], 34), ([10, 80], 34), ([3, 3, 3], 3), ([1, 1], 0),
    ])
    func typicalFrame_isEarlyInThePieceTwoFifthsIn(counts: [Int], frame: Int) throws {
        let pieces = counts.indices.map { FilmReel.Piece(path: "p\($0).mp4", frameCount: counts[$0]) }
        let reel = FilmReel(
            pieces, opening: [], in: "/scratch", rate: FrameRate(24),
            size: try #require(FrameSize(width: 64, height: 36)))
        #expect(reel.typicalFrame == frame)
    }

    @Test func filmOfPieces_isLookedAtInTheRightOnes() async throws {
        try await withScratch { scratch in
            // Three pieces of ten seconds, each of one keyframe; their frames are 60, 100 and 140 and more.
            let size = try #require(FrameSize(width: 64, height: 32))
            for piece in 0..<3 {
                let source = "color=s=64x32:r=4:c=black,geq=lum='\(60 + 40 * piece)+N/2':cb=128:cr=128,format=yuv420p"
                try await scratch.ffmpeg(
                    "-f", "lavfi", "-i", source, "-frames:v", "40", "-c:v", "libx264", "-preset", "ultrafast", "-qp",
                    "0", "-g", "1000", "\(scratch.path)/p\(piece).mp4")
            }
            let pieces = (0..<3).map { FilmReel.Piece(path: "p\($0).mp4", frameCount: 40) }
            let list = JoinList.text(pieces.map { (name: $0.path, seconds: 10) })
            try Data(list.utf8).write(to: URL(filePath: "\(scratch.path)/list.txt"))
            let reel = FilmReel(
                pieces, opening: JoinList.arguments("list.txt", ["mov"]), in: scratch.path, rate: FrameRate(4),
                size: size)
            let photographer = StillPhotographer(ffmpeg: "ffmpeg", runner: ProcessRunner(), scratch: scratch.path)
            let look = try await photographer.takeContactSheet(of: reel) { _ in }
            #expect(look.highestLumas == [60, 60, 60, 60, 100, 100, 100, 100, 140, 140, 140, 140])
            // The last frame of the second piece and the first of the third.
            for (frame, luma) in [(79, 119), (80, 140), (0, 60), (119, 159)] {
                try await photographer.takePoster(of: reel, at: frame) { _ in }
                let seen = try await scratch.luma(of: "\(scratch.path)/poster.jpg")
                #expect(abs(seen - luma) <= 2, "frame \(frame): \(seen)")
            }
        }
    }

    @Test func keyframes_farBeforeTheirMoments_makeASheetAllTheSame() async throws {
        try await withScratch { scratch in
            // A keyframe each twelve seconds: the one before a moment lies up to twelve seconds before it.
            let source = "color=s=64x32:r=4:c=black,geq=lum='min(235,40+2*N)':cb=128:cr=128"
            let seen = try await look(
                at: source, "-t", "36", "-g", "48", "-sc_threshold", "0", duration: 36, rate: 4, in: scratch)
            #expect(seen.look.highestLumas.count >= 11 && seen.size == "256,96")
        }
    }

    @Test(arguments: [2.0, 24.0])
    func blackFilm_isSeenAndWarnedOf(duration: Double) async throws {
        try await withScratch { scratch in
            let log = EventLog()
            let source = "color=s=64x32:r=4:c=black"
            let seen = try await look(
                at: source, "-t", "\(duration)", duration: duration, rate: 4, in: scratch, log: log)
            #expect(seen.look.isBlack)
            #expect(log.warnings == ["The film is all black."])
        }
    }

    @Test func longFilm_whoseOnlyKeyframeIsBlack_isLookedAtWhole() async throws {
        try await withScratch { scratch in
            let log = EventLog()
            let source = "color=s=64x32:r=4:c=black,geq=lum='if(N,200,16)':cb=128:cr=128"
            let seen = try await look(
                at: source, "-t", "24", "-g", "1000", "-sc_threshold", "0", duration: 24, rate: 4, in: scratch, log: log
            )
            #expect(!seen.look.isBlack && log.warnings.isEmpty)
        }
    }

    @Test func look_readsItsOwnLinesOnly() {
        var look = FilmLook()
        #expect(!look.isBlack)
        for line in [
            "frame:0 pts:0", "lavfi.signalstats.YMAX=16", "lavfi.signalstats.YMIN=99", "lavfi.signalstats.YMAX=x",
        ] {
            look.take(line)
        }
        #expect(look.highestLumas == [16] && look.isBlack && look.warning == "The film is all black.")
        look.take("lavfi.signalstats.YMAX=33.000000")
        #expect(!look.isBlack && look.warning == nil)
    }

    @Test(arguments: [
        #""duration":0.1"#, #""duration":0.5"#, #""duration":1,"aspect_ratio":"9:16""#, #""duration":21"#,
    ])
    func preview_neverWarnsOfItsOwnFilms(params: String) async throws {
        try await withScratch { scratch in
            let log = EventLog()
            let json = #"{"type":"RENDER","params":{"prompt":"","resolution":"64x64","# + params + "}}"
            let named = json.replacing(#""prompt":"""#, with: #""prompt":".""#)
            _ = try await PreviewBackend().run(scratch.request(named)) { log.add($0) }
            #expect(log.warnings.isEmpty)
        }
    }
}
