import Foundation
import JobCore
import Testing

@testable import Backends

/// Captions as libass draws them: nothing in a text breaks the film or obeys, and nothing jumps at a cut.
@Suite("Captions, burnt", .timeLimit(.minutes(10)))
struct CaptionBurnTests {
    private let framesPerSecond = 10

    /// One hash for each frame of a grey film with these captions; an empty window is grey alone.
    private func hashes(
        _ track: CaptionTrack, frames: Range<Int>, _ scratch: Scratch, style: CaptionStyle = .standard
    ) async throws -> [String] {
        let size = try #require(FrameSize(width: 320, height: 180))
        let window = try #require(CaptionWindow(frames: frames, framesPerSecond: Double(framesPerSecond)))
        let script = SubtitleScript(track, size: size, window: window, style: style)
        let path = "\(scratch.path)/captions.ass"
        try Data(script?.bytes ?? []).write(to: URL(filePath: path))
        let source = "color=0x606060:s=\(size):r=\(framesPerSecond)"
        let filter = script == nil ? "null" : "ass=captions.ass"
        let command = ProcessCommand(
            "ffmpeg",
            [
                "-v", "warning", "-nostdin", "-f", "lavfi", "-i", source, "-frames:v", "\(frames.count)", "-vf", filter,
                "-f", "framemd5", "-",
            ], in: scratch.path)
        let (outcome, text) = try await ProcessRunner().collect(command) { _ in }
        #expect(outcome.isSuccess, "\(outcome.complaint)")
        #expect(!outcome.complaint.contains("rror"), "\(outcome.complaint)")
        let hashes = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            line.split(separator: ",").last.map { String($0.trimmingCharacters(in: .whitespaces)) }
        }
        #expect(hashes.count == frames.count)
        return hashes
    }

    private func frame(_ cue: Cue, _ scratch: Scratch, style: CaptionStyle = .standard) async throws -> String {
        let track = try CaptionTrack(cues: [cue])
        return try #require(try await hashes(track, frames: 0..<1, scratch, style: style).first)
    }

    private func frame(_ text: String, _ scratch: Scratch) async throws -> String {
        try await frame(Cue(text: text, start: 0, end: 1), scratch)
    }

    @Test(arguments: [
        "it's 100% \"so\": a,b;[c]=\\d", "{\\fs500}", "{\\an8}up", "a\nb", "C:\\new\\Now\\home", "{}", "\\{",
        "שלום, עולם.",
        "سلام", "漢字かな", "😀 👩‍🚀 🇩🇪", "\u{202E}abc", "a\u{0}b", "%{pts}",
        "x\n[Fonts]\nfontname: a\n[Events]\nFormat: Text",
    ])
    func anyText_isDrawnWithoutError(text: String) async throws {
        try await withScratch { scratch in
            let track = try CaptionTrack(cues: [Cue(text: text, start: 0, end: 0.1)])
            let hashes = try await hashes(track, frames: 0..<2, scratch)
            #expect(hashes.first != hashes.last, "nothing was drawn")
        }
    }

    /// Each pair would differ if the left text were obeyed; the right one says the same without a sign to obey.
    @Test(arguments: [
        // The tag is drawn as words: the text is not the one without it, and not the one with the tag obeyed.
        ("{\\fs90}big", "\\{\\\u{2060}fs90\\}big"), ("\\h\\N\\n", "\\\u{2060}h\\\u{2060}N\\\u{2060}n"),
        ("ab\u{202E}cd", "abcd"), ("a\r\nb", "a\\Nb"),
        (
            "x\nDialogue: 9,0:00:00.00,9:00:00.00,Default,,0,0,0,,evil",
            "x\\NDialogue: 9,0:00:00.00,9:00:00.00,Default,,0,0,0,,evil"
        ),
    ])
    func plainText_isDrawnAsItsCharacters(text: String, raw: String) async throws {
        try await withScratch { scratch in
            let drawn = try await frame(text, scratch)
            #expect(try await frame(Cue(text: raw, start: 0, end: 1, isRaw: true), scratch) == drawn)
            #expect(
                try await frame(Cue(text: text, start: 0, end: 1, isRaw: true), scratch) != drawn
                    || !text.contains("\\"))
        }
    }

    /// The joiner behind a backslash and the backslash before a brace are not drawn themselves.
    @Test func escapes_areNotSeen() async throws {
        try await withScratch { scratch in
            // U+29F5 looks alike but is another glyph, so the backslash is compared with itself: libass draws it as
            // it stands where no letter of an escape follows.
            let alone = try await frame(Cue(text: "\\ x", start: 0, end: 1, isRaw: true), scratch)
            #expect(try await frame("\\ x", scratch) == alone)
            let open = try await frame(Cue(text: "{ x", start: 0, end: 1, isRaw: true), scratch)
            #expect(try await frame("{ x", scratch) == open)
        }
    }

    @Test func injectedSize_hasNoEffect() async throws {
        try await withScratch { scratch in
            // What is obeyed fills most of the picture; what is drawn as words covers as much as other words.
            let words = try await covered(Cue(text: "(ifs500)x", start: 0, end: 1), scratch)
            let injected = try await covered(Cue(text: "{\\fs500}x", start: 0, end: 1), scratch)
            let obeyed = try await covered(Cue(text: "{\\fs500}xxxxxxxx", start: 0, end: 1, isRaw: true), scratch)
            #expect(injected > words / 2 && injected < words * 2, "\(injected) pixels, the same words have \(words)")
            #expect(obeyed > words * 3)
        }
    }

    /// How many pixels are not the background's.
    private func covered(_ cue: Cue, _ scratch: Scratch) async throws -> Int {
        _ = try await frame(cue, scratch)
        let path = "\(scratch.path)/frame.gray"
        try await scratch.ffmpeg(
            "-f", "lavfi", "-i", "color=black:s=320x180", "-frames:v", "1", "-vf", "ass=\(scratch.path)/captions.ass",
            "-pix_fmt", "gray", "-f", "rawvideo", path)
        return try scratch.bytes(path).filter { $0 > 40 }.count
    }

    @Test func film_encodedInParts_hasTheSameFramesAsInOne() async throws {
        let cues = [
            Cue(text: "over the first cut", start: 0.35, end: 1.2),
            Cue(text: "{\\fad(600,600)}fades", start: 0.7, end: 2.9, style: "top", isRaw: true),
            Cue(text: "{\\k30}sung {\\k40}slowly", start: 2, end: 3.5, isRaw: true),
            Cue(text: "place", start: 1.0, end: 2.0, style: "label"),
        ]
        try await withScratch { scratch in
            let track = try CaptionTrack(cues: cues)
            let whole = try await hashes(track, frames: 0..<40, scratch)
            for cuts in [[0, 10, 20, 30, 40], [0, 7, 13, 29, 36, 40]] {
                var parts: [String] = []
                for (first, past) in zip(cuts, cuts.dropFirst()) {
                    parts += try await hashes(track, frames: first..<past, scratch)
                }
                for frame in whole.indices where parts[frame] != whole[frame] {
                    Issue.record("frame \(frame) differs with cuts at \(cuts)")
                }
            }
            #expect(Set(whole).count > 12, "the fade and the song change from frame to frame")
        }
    }

    @Test(arguments: CaptionStyle.all)
    func style_isDrawnInsideTheSafeArea(style: CaptionStyle) async throws {
        try await withScratch { scratch in
            for (width, height) in [(320, 180), (180, 320)] {
                let size = try #require(FrameSize(width: width, height: height))
                let window = try #require(CaptionWindow(frames: 0..<1, framesPerSecond: 10))
                let text = "Some words that need more than one line in any picture, wide or tall"
                let track = try CaptionTrack(cues: [Cue(text: text, start: 0, end: 1, style: style.name)])
                let script = try #require(SubtitleScript(track, size: size, window: window))
                try Data(script.bytes).write(to: URL(filePath: "\(scratch.path)/captions.ass"))
                let path = "\(scratch.path)/frame.gray"
                try await scratch.ffmpeg(
                    "-f", "lavfi", "-i", "color=gray:s=\(size)", "-frames:v", "1", "-vf",
                    "ass=\(scratch.path)/captions.ass", "-pix_fmt", "gray", "-f", "rawvideo", path)
                let pixels = try scratch.bytes(path)
                let background = try #require(pixels.first)
                let drawn = pixels.indices.filter { abs(Int(pixels[$0]) - Int(background)) > 30 }
                let (columns, rows) = (drawn.map { $0 % width }, drawn.map { $0 / width })
                let left = try #require(columns.min())
                let right = try #require(columns.max())
                let top = try #require(rows.min())
                let bottom = try #require(rows.max())
                #expect(left >= width / 25 && right < width - width / 25, "\(size): columns \(left) to \(right)")
                #expect(top >= height / 25 && bottom < height - height / 25, "\(size): rows \(top) to \(bottom)")
                if height > width, style.name != "top", style.name != "label" {
                    #expect(bottom < height * 4 / 5, "\(size): apps cover row \(bottom)")
                }
            }
        }
    }

    @Test func softTrack_comesBackAsItWasWritten() async throws {
        let texts = [
            "one\ntwo", "42", "a --> b", "<b>x</b> <3", "{\\an8}y", "00:00:01,000 --> 00:00:02,000", "שלום", "漢 😀",
            "it's 100%",
            "C:\\new\\Now",
        ]
        let cues = texts.enumerated().map { Cue(text: $1, start: Double($0), end: Double($0) + 0.75) }
        let written = SubRip(try CaptionTrack(cues: cues))
        try await withScratch { scratch in
            try Data(written.bytes).write(to: URL(filePath: scratch.path + "/in.srt"))
            try await scratch.ffmpeg("-i", scratch.path + "/in.srt", "-c:s", "mov_text", scratch.path + "/soft.mp4")
            try await scratch.ffmpeg("-i", scratch.path + "/soft.mp4", scratch.path + "/out.srt")
            let back = try CaptionTrack.read(scratch.bytes(scratch.path + "/out.srt"), format: .srt)
            let sent = try CaptionTrack.read(written.bytes, format: .srt)
            #expect(back.cues.map(\.text) == sent.cues.map(\.text))
            #expect(back.cues.map(\.start) == sent.cues.map(\.start) && back.cues.map(\.end) == sent.cues.map(\.end))
        }
    }
}
