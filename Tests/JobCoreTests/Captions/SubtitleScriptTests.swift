import Testing

@testable import JobCore

@Suite("Subtitle script")
struct SubtitleScriptTests {
    private func size(_ width: Int = 1920, _ height: Int = 1080) throws -> FrameSize {
        try #require(FrameSize(width: width, height: height))
    }

    private func script(_ cues: [Cue], frames: Range<Int>, fps: Double = 25) throws -> SubtitleScript? {
        let window = try #require(CaptionWindow(frames: frames, framesPerSecond: fps))
        return SubtitleScript(try CaptionTrack(cues: cues), size: try size(), window: window)
    }

    @Test(arguments: CaptionStyle.all, [(1920, 1080), (1080, 1920), (480, 480)])
    func style_isAsRecorded(style: CaptionStyle, sides: (Int, Int)) throws {
        let window = try #require(CaptionWindow(frames: 0..<100, framesPerSecond: 25))
        let track = try CaptionTrack(cues: [Cue(text: "One line\nand {another}", start: 1, end: 2, style: style.name)])
        let script = try #require(SubtitleScript(track, size: try size(sides.0, sides.1), window: window))
        let text = String(decoding: script.bytes, as: UTF8.self)
        try Golden.expect(text, equals: "captions-\(style.name)-\(sides.0)x\(sides.1)")
    }

    /// Invariant 1: libass shows an event from its start on and no longer at its end; ffmpeg hands it the time of a
    /// frame in milliseconds, cut off, and sometimes one less than it should be.
    @Test(arguments: [8.0, 12.0, 16.0, 23.976, 24.0, 25.0, 29.97, 30.0, 48.0, 50.0, 59.94, 60.0, 80.0])
    func cue_isSeenInExactlyItsFrames_inAnyWindow(fps: Double) throws {
        var random = SeededRandom(UInt64(fps * 1000))
        for round in 0..<120 {
            // On a frame, half-way between two, or anywhere.
            let first = Double.random(in: 0...500, using: &random).rounded() + [0, 0.5, 0.013][round % 3]
            let past = first + Double(Int.random(in: 1...200, using: &random))
            let cue = Cue(text: "a", start: first / fps, end: past / fps)
            let begin = Int.random(in: 0...700, using: &random)
            let frames = begin..<(begin + Int.random(in: 1...300, using: &random))
            let event = Captions.events(try script([cue], frames: frames, fps: fps)).first.map(Event.init)
            for frame in frames {
                let isSeen = Double(frame) >= first - 1e-6 && Double(frame) < past - 1e-6
                let time = Int(Double(frame - begin) * 1000 / fps)
                for now in [time, max(0, time - 1)] where (event?.shows(now) ?? false) != isSeen {
                    Issue.record("\(fps) fps, \(first)..<\(past), window \(frames), frame \(frame) at \(now) ms")
                    return
                }
            }
        }
    }

    /// Start and end of a dialogue line in milliseconds.
    private struct Event {
        let start: Int, end: Int

        init(_ line: String) {
            let times = line.split(separator: ",").dropFirst().prefix(2).map { text in
                let parts = text.split { ":.".contains($0) }.compactMap { Int($0) }
                return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + parts[3] * 10
            }
            (start, end) = (times[0], times[1])
        }

        func shows(_ now: Int) -> Bool { start <= now && now < end }
    }

    @Test func cueOverACut_isOpenAtTheCutOnBothSides() throws {
        let cue = Cue(text: "a", start: 1, end: 3)
        let before = Captions.events(try script([cue], frames: 0..<50))
        let after = Captions.events(try script([cue], frames: 50..<100))
        #expect(before == ["Dialogue: 0,0:00:00.98,9:59:59.99,Default,,0,0,0,,a"])
        #expect(after == ["Dialogue: 0,0:00:00.00,0:00:00.98,Default,,0,0,0,,a"])
    }

    @Test func window_longerThanTenHours_isStillOpenAtItsEnd() throws {
        let cue = Cue(text: "a", start: 0, end: 50 * 3600)
        let events = Captions.events(try script([cue], frames: 0..<(40 * 3600 * 25)))
        #expect(events == ["Dialogue: 0,0:00:00.00,40:00:00.98,Default,,0,0,0,,a"])
    }

    @Test(arguments: [24.0, 25.0, 29.97])
    func bytes_moveWithTheirClip(fps: Double) throws {
        var random = SeededRandom(7)
        let offsets = (0..<20).map { _ in Double.random(in: -1...6, using: &random) }
        func bytes(at clip: Int) throws -> [UInt8]? {
            let begin = Double(clip) / fps
            let cues = offsets.enumerated().map { Cue(text: "\($0)", start: max(0, begin + $1), end: begin + $1 + 1.3) }
            let others = [
                Cue(text: "far", start: begin + 10, end: begin + 11, style: "label"),
                Cue(text: "before", start: 0, end: 0.5, style: "large"),
            ]
            return try script(cues + others, frames: clip..<(clip + Int(5 * fps)), fps: fps)?.bytes
        }
        let first = try #require(try bytes(at: 100))
        for clip in [101, 217, 1234, 88_888] { #expect(try bytes(at: clip) == first) }
    }

    @Test func bytes_holdNothingOfWhatIsNotSeen() throws {
        let cue = Cue(text: "seen", start: 1, end: 9)
        let others = [
            Cue(text: "past", start: 0, end: 1.9), Cue(text: "coming", start: 4, end: 5, style: "top"),
            Cue(text: "blink", start: 2.01, end: 2.02, style: "label"),
        ]
        let alone = try script([cue], frames: 50..<100)
        #expect(try script([cue] + others, frames: 50..<100) == alone)
        // How far a cue goes on outside is not seen either.
        #expect(try script([Cue(text: "seen", start: 0.2, end: 5)], frames: 50..<100) == alone)
        #expect(try script([Cue(text: "seen", start: 0.2, end: 3.9)], frames: 50..<100) != alone)
    }

    @Test func animatedCue_keepsItsOwnTimesOverACut() throws {
        let cue = Cue(text: "{\\fad(500,500)}a", start: 1, end: 3, isRaw: true)
        let events = Captions.events(try script([cue], frames: 50..<60))
        #expect(events == ["Dialogue: 0,-1:59:58.98,0:00:00.98,Default,,0,0,0,,{\\fad(500,500)}a"])
    }

    @Test(arguments: [
        (0, "0:00:00.00"), (1, "0:00:00.01"), (360_000, "1:00:00.00"), (-1, "-1:59:59.99"), (-360_000, "-1:00:00.00"),
        (-360_001, "-2:59:59.99"), (3_599_999, "9:59:59.99"), (36_000_000, "100:00:00.00"),
    ])
    func times_areWrittenAsLibassReadsThem(centiseconds: Int, text: String) {
        #expect(CaptionClock.ass(centiseconds: centiseconds) == text)
    }

    @Test(arguments: [
        ("{\\fs500}x", "\\{\\\u{2060}fs500\\}x"), ("a\nb\r\nc\rd\u{2028}e", "a\\Nb\\Nc\\Nd\\Ne"),
        ("C:\\new", "C:\\\u{2060}new"), ("100% 'so': a,b;[c]", "100% 'so': a,b;[c]"),
        ("a\u{7}\u{1B}[0mb\tc\u{0}", "a[0mb c"), ("a\u{202E}b\u{202D}c", "abc"),
        ("שלום \u{202B}عربي\u{202C} 漢字 👩‍🚀 🇩🇪", "שלום \u{202B}عربي\u{202C} 漢字 👩‍🚀 🇩🇪"),
        (
            "x\n[Events]\nDialogue: 9,0:00:00.00,9:00:00.00,Default,,0,0,0,,evil",
            "x\\N[Events]\\NDialogue: 9,0:00:00.00,9:00:00.00,Default,,0,0,0,,evil"
        ),
    ])
    func text_isShownAsItStands(text: String, written: String) throws {
        let plain = Captions.events(try script([Cue(text: text, start: 0, end: 1)], frames: 0..<1))
        #expect(plain == ["Dialogue: 0,0:00:00.00,9:59:59.99,Default,,0,0,0,,\(written)"])
        #expect(ASSText.plain(ASSText.escaped(text)) == String(ASSText.tame(text)))
    }

    @Test func rawText_keepsItsTagsAndItsLine() throws {
        let cue = Cue(text: "{\\b1}a\nDialogue: b\u{0}\\N", start: 0, end: 1, isRaw: true)
        let events = Captions.events(try script([cue], frames: 0..<1))
        #expect(events == ["Dialogue: 0,0:00:00.00,9:59:59.99,Default,,0,0,0,,{\\b1}a\\NDialogue: b\\N"])
    }

    @Test func styles_canBeOtherThanTheirOwn() throws {
        var style = CaptionStyle.standard
        style.fontName = "Noto Sans,\nStyle: x"
        let window = try #require(CaptionWindow(frames: 0..<5, framesPerSecond: 25))
        let track = try CaptionTrack(cues: [
            Cue(text: "a", start: 0, end: 1), Cue(text: "b", start: 0, end: 1, style: "default"),
            Cue(text: "c", start: 0, end: 1, style: "label"),
        ])
        let script = SubtitleScript(track, size: try size(), window: window, style: .top, styles: [style, .label])
        let lines = String(decoding: try #require(script).bytes, as: UTF8.self).split(separator: "\n")
        let styles = lines.filter { $0.hasPrefix("Style: ") }.map {
            $0.split(separator: ",").prefix(2).joined(separator: ",")
        }
        #expect(
            styles == ["Style: Default,Noto Sans\\NStyle: x", "Style: Label,DejaVu Sans", "Style: Top,DejaVu Sans"])
        #expect(Captions.events(script).map { $0.split(separator: ",")[3] } == ["Top", "Default", "Label"])
    }

    @Test func ownHead_isKeptWithTheStylesThatAreSeen() throws {
        let styles = "Style: Sign,Arial,30\nStyle: Other,Arial,10"
        func written(_ event: String, frames: Range<Int> = 0..<25) throws -> [String] {
            let track = try Captions.read(Captions.ass(event, styles: styles), .ass)
            let window = try #require(CaptionWindow(frames: frames, framesPerSecond: 25))
            let script = try #require(SubtitleScript(track, size: try size(), window: window))
            return String(decoding: script.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        let lines = try written("Dialogue: 2,0:00:00.00,0:00:09.00,Sign,,1,2,3,,{\\i1}a")
        #expect(
            lines == [
                "[Script Info]", "ScriptType: v4.00+", "PlayResX: 640", "PlayResY: 360", "[V4+ Styles]",
                "Format: Name, Fontname, Fontsize", "Style: Sign,Arial,30", "[Events]",
                "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
                "Dialogue: 2,0:00:00.00,9:59:59.99,Sign,,1,2,3,,{\\i1}a",
            ])
        func count(_ event: String) throws -> Int { try written(event).filter { $0.hasPrefix("Style: ") }.count }
        #expect(try count("Dialogue: 0,0:00:00.00,0:00:09.00,,,0,0,0,,a") == 1)
        #expect(try count("Dialogue: 0,0:00:00.00,0:00:09.00,Sign,,0,0,0,,{\\rOther}a") == 3)
        #expect(try count("Dialogue: 0,0:00:00.00,0:00:09.00,Nobody,,0,0,0,,a") == 3)
    }

    @Test(arguments: [
        (1920, 1080, 0.07), (1080, 1080, 0.07), (864, 1080, 0.07), (720, 1080, 0.07), (718, 1080, 0.21),
        (1080, 1920, 0.21),
    ])
    func margins_areHigherBelowWhereAppsCoverTheFilm(width: Int, height: Int, share: Double) throws {
        let margins = SafeMargins(try size(width, height))
        #expect(margins.bottom == Int((Double(height) * share).rounded()))
        #expect(margins.top < margins.bottom && margins.side * 4 < width)
    }
}
