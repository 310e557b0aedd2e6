import Testing

@testable import JobCore

@Suite("ASS, read")
struct ASSReaderTests {
    @Test func file_isReadWithItsStylesAndWithoutItsAttachments() throws {
        let track = try Captions.read(
            """
            \u{FEFF}[script info]
            ; comment
            PlayResX: 1280
            PlayResY:720
            WrapStyle: 2
            ScaledBorderAndShadow: No
            Timer: 100.0000

            [V4+ Styles]
            Format: Fontname, Name, Fontsize
            Style: Arial, Main ,40
            Style: Verdana,Sign,30

            [Fonts]
            fontname: evil_0.ttf
            [Oddly this line of data begins like a section
            Dialogue: 0,0:00:00.00,0:00:09.00,Main,,0,0,0,,not an event
            [Graphics]
            filename: x.png

            [Events]
            Format: Start, End, Layer, Style, MarginV, Text
            Comment: 0:00:00.00,0:00:09.00,0,Main,0,a comment
            Command: 0:00:00.00,0:00:09.00,0,Main,0,rm -rf /
            Dialogue: 0:00:02.00,0:00:03.05,3,*Main,25,{\\pos(1,2)}a, b\\Nc \\h{x
            Dialogue: 0:00:00.50,0:00:01.00,-1,,,plain
            Dialogue: 0:00:04.00,0:00:04.00,0,Main,0,no length
            Dialogue: 0:00:04.00,0:00:05.00,0,Main,0,
            """, .ass)
        let head = CaptionHead(
            playResX: 1280, playResY: 720, wrapStyle: 2, scalesBorders: false,
            styleFormat: "Format: Fontname, Name, Fontsize",
            styles: [
                .init(name: "Main", line: "Style: Arial, Main ,40"),
                .init(name: "Sign", line: "Style: Verdana,Sign,30"),
            ])
        #expect(track.head == head)
        #expect(
            track.cues == [
                Cue(
                    text: "{\\pos(1,2)}a, b\\Nc \\h{x", start: 2, end: 3.05, style: "Main", isRaw: true,
                    placement: CuePlacement(layer: 3, vertical: 25)),
                Cue(text: "plain", start: 0.5, end: 1, isRaw: true),
            ])
    }

    @Test func ssaFile_keepsItsKind() throws {
        let track = try Captions.read(
            """
            [Script Info]
            ScriptType: v4.00
            [V4 Styles]
            Format: Name, Fontname, Fontsize
            Style: Old,Arial,20
            [Events]
            Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
            Dialogue: Marked=0,0:00:01.00,0:00:02.00,Old,,0000,0010,0000,,Hi
            """, .ass)
        #expect(track.head?.isSSA == true)
        #expect(track.cues.map(\.placement) == [CuePlacement(right: 10)])
        let size = try #require(FrameSize(width: 640, height: 360))
        let window = try #require(CaptionWindow(frames: 0..<50, framesPerSecond: 25))
        let script = try #require(SubtitleScript(track, size: size, window: window))
        #expect(String(decoding: script.bytes, as: UTF8.self).contains("\n[V4 Styles]\n"))
    }

    @Test(arguments: [
        ("Dialogue: 0,0:00:01.00,x,Default,,0,0,0,,a", "", "f line 13 has no start and end such as 0:00:01.00"),
        ("Dialogue: 0,0:00:01.00,0:00:02.00,Default", "", "f line 13 has 4 fields, the format asks for 10"),
        ("Dialogue: 0,0:00:03.00,0:00:02.00,,,0,0,0,,a", "", "f line 13 ends its caption before its start"),
        ("Format: Start, End, Text, Style", "", "f line 13 names the columns of the events without"),
        ("Format: Start, Text", "", "f line 13 names the columns of the events without"),
        ("", "PlayResX: 0\n", "f line 4 needs a whole number from 1 to 16384"),
        ("", "PlayResY: wide\n", "f line 4 needs a whole number from 1 to 16384"),
        ("", "WrapStyle: 4\n", "f line 4 needs a whole number from 0 to 3"),
    ])
    func line_thatIsWrong_isRefused(events: String, info: String, message: String) {
        let refused = Captions.refusal(
            Captions.ass(events, info: info.isEmpty ? "PlayResX: 640\nPlayResY: 360\n" : info), .ass)
        #expect(refused.hasPrefix(message), "\(refused)")
    }

    @Test(arguments: [
        ("a\\Nb\\nc\\hd", "a\nb c\u{A0}d"), ("{\\b1}x{\\b0}y", "xy"), ("{\\p1}m 0 0 l 9 9{\\p0}after", "after"),
        ("{\\p1\\pos(3,4)}m 0 0{\\pos(1,2)\\p0}a", "a"), ("{open", "{open"), ("a\\{b\\}", "a{b}"),
        ("C:\\\u{2060}N", "C:\\N"),
        ("{\\pos(1,2)}a", "a"), ("a\\", "a\\"), ("", ""),
    ])
    func plain_isWhatPeopleRead(raw: String, text: String) {
        #expect(ASSText.plain(raw) == text)
    }

    @Test(arguments: [
        ("{\\fad(100,100)}a", true), ("{\\b1\\t(\\fs20)}a", true), ("{\\ move(1,2,3,4)}", true),
        ("{\\k20}a{\\K5}b", true),
        ("{\\b1\\pos(1,2)}a\\Nb", false), ("a\\tb", false), ("{\\fax1}", false), ("{\\fscx50\\blur2}", false),
    ])
    func animation_isNoticed(raw: String, isAnimated: Bool) {
        #expect(ASSText.isAnimated(raw) == isAnimated)
    }
}
