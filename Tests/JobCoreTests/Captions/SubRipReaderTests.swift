import Testing

@testable import JobCore

@Suite("SubRip, read")
struct SubRipReaderTests {
    @Test func cues_inTheWild_areRead() throws {
        let track = try Captions.read(
            """


            1
            00:00:01,000 --> 00:00:02,500 X1:40 X2:600 Y1:20 Y2:50
            First line
            42


            00:01:02.5 --> 01:00:00
            without a number --> still text
             \t

            7
            00:00:59,999 --> 00:01:00,000
            <b></b>

            """, .srt)
        #expect(track.cues.map(\.text) == ["First line\n42", "without a number --> still text"])
        #expect(track.cues.map(\.start) == [1, 62.5] && track.cues.map(\.end) == [2.5, 3600])
        #expect(track.head == nil)
    }

    @Test(arguments: [
        (
            "1\n00:00:01,000 --> 00:00:02,000\na\n\nlost line\n\n2\n00:00:03,000 --> 00:00:04,000\nb",
            "f line 5 is \"lost line\""
        ),
        ("00:00:01,000 --> 00:00:02,000\na\n\n12", "f line 4 is \"12\""),
        ("00:00:01,000 --> 00:00:02,000\na\n\n2\n\n", "f line 5 is \"\""),
        (
            "00:00:01,000 --> 00:00:02,000\na\n\n00:00:61,000 --> 00:01:02,000\nb",
            "f line 4 is \"00:00:61,000 --> 00:01:02,000\""
        ),
        ("00:00:02,000 --> 00:00:02,000\na", "f line 1 ends its caption at or before its start"),
        ("1\n00:00:02,000 --> 00:00:01,000\na", "f line 2 ends its caption at or before its start"),
        ("1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nb", "f line 5 begins a caption"),
    ])
    func block_thatIsNone_isRefusedWithItsLine(text: String, message: String) {
        #expect(Captions.refusal(text, .srt).hasPrefix(message), "\(Captions.refusal(text, .srt))")
    }

    @Test(arguments: [
        ("01:02:03,004", 3723.004), ("1:2:3.4", 3723.4), ("02:03", 123), ("99:59:59,999", 359_999.999),
        ("00:00:00,123456789", 0.123456789), ("100:00:00,0", nil), ("00:60:00", nil), ("00:00:60", nil), ("1", nil),
        ("", nil), ("-1:00:00", nil), ("00:00:01,", nil), ("00:00:0x", nil), ("0:0:0:1", nil), ("٠٠:٠١", nil),
        ("00:00:00,0000000000", nil), ("000:00:01", nil), ("1e2:00", nil), ("+1:00", nil), (":", nil),
    ])
    func seconds_readsClocksAndNothingElse(text: String, seconds: Double?) {
        #expect(CaptionClock.seconds(text) == seconds)
    }

    @Test(arguments: [
        ("a <I>b</I> c", "a {\\i1}b{\\i} c", true), ("<b>x</b>", "{\\b1}x{\\b}", true), ("<u>x", "{\\u1}x", true),
        ("<em>a</em>", "{\\i1}a{\\i}", true),
        ("<font color=\"#ff0000\">red</font>", "red", false), ("I <3 you", "I <3 you", false),
        ("a < b > c", "a < b > c", false), ("<unknown>", "<unknown>", false), ("<i", "<i", false),
        ("<i>{x} \\N</i>", "{\\i1}\\{x\\} \\\u{2060}N{\\i}", true), ("{x} \\N", "{x} \\N", false),
        ("&lt;i&gt;&amp;amp;", "<i>&amp;", false), ("&unknown; &", "&unknown; &", false), ("&#65;&#x42;", "AB", false),
        ("&#x110000;&#xD800;", "&#x110000;&#xD800;", false), ("{\\fs500}big{y", "big{y", false),
        ("<i\n>", "<i\n>", false),
    ])
    func markup_becomesTextAndSimpleTags(source: String, text: String, isRaw: Bool) {
        let markup = CueMarkup(source, .subRip)
        #expect(markup.text == text)
        #expect(markup.isRaw == isRaw)
        #expect(!markup.isAtTop)
    }

    @Test func alignmentTag_asksForTheTop() throws {
        let track = try Captions.read(
            "00:00:01,000 --> 00:00:02,000\n{\\an8}up\n\n00:00:03,0 --> 00:00:04,0\n{\\an2}x", .srt)
        #expect(track.cues.map(\.text) == ["up", "x"])
        #expect(track.cues.map(\.style) == ["top", nil])
    }
}
