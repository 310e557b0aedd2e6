import Testing

@testable import JobCore

@Suite("WebVTT, read")
struct WebVTTReaderTests {
    @Test func cues_amongEverythingElse_areRead() throws {
        let track = try Captions.read(
            """
            WEBVTT - a title
            Kind: captions
            X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

            NOTE a comment
            00:09.000 --> 00:10.000

            STYLE
            ::cue(b) { color: red }

            REGION
            id:fred
            width:40%

            NOTE

            intro
            00:01.000 --> 00:02.500 line:0 align:start region:fred
            <v.loud Mary Ann>Hi <c.yellow>there</c> <00:01.500>you
            <lang en>second</lang>&nbsp;line

            11:00:00.000 --> 11:00:01.000
            later

            00:05.000-->00:06.000
            last
            """, .vtt)
        #expect(track.cues.map(\.start) == [1, 5, 39_600])
        #expect(track.cues.map(\.text) == ["Hi there you\nsecond\u{A0}line", "last", "later"])
    }

    @Test(arguments: [
        ("WEBVTT\n00:01.000 --> 00:02.000\na", "f line 2 begins a caption right below WEBVTT"),
        ("WEBVTT\n\nstray words\n\n00:01.000 --> 00:02.000\na", "f line 3 is \"stray words\""),
        ("WEBVTT\n\nid\nmore\n00:01.000 --> 00:02.000\na", "f line 3 is \"id\""),
        ("WEBVTT\n\n00:01.000 --> later\na", "f line 3 is \"00:01.000 --> later\""),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\na", "f line 3 ends its caption at or before its start"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\n00:02.000 --> 00:03.000\nb", "f line 5 begins a caption"),
    ])
    func block_thatIsNone_isRefusedWithItsLine(text: String, message: String) {
        #expect(Captions.refusal(text, .vtt).hasPrefix(message), "\(Captions.refusal(text, .vtt))")
    }

    @Test(arguments: [
        ("WEBVTT", true), ("WEBVTT x", true), ("WEBVTT\tx", true), ("WEBVTTx", false), ("webvtt", false),
        (" WEBVTT", false),
    ])
    func signature_isTheWordAlone(line: String, isSignature: Bool) {
        #expect(WebVTTReader.isSignature(line) == isSignature)
    }

    @Test func file_withoutCues_isAnEmptyTrack() throws {
        #expect(try Captions.read("WEBVTT\n\nNOTE nothing yet", .vtt).cues == [])
    }

    @Test(arguments: [
        ("<anything>a</anything>", "a", false), ("<i.red>a</i>", "{\\i1}a{\\i}", true), ("a < b", "a < b", false),
        ("{\\an8}x", "{\\an8}x", false), ("&lrm;a&rlm;&quot;&apos;", "\u{200E}a\u{200F}\"'", false),
    ])
    func markup_becomesTextAndSimpleTags(source: String, text: String, isRaw: Bool) {
        let markup = CueMarkup(source, .webVTT)
        #expect(markup.text == text)
        #expect(markup.isRaw == isRaw)
    }
}
