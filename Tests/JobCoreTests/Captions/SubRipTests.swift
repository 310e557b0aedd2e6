import Testing

@testable import JobCore

@Suite("SubRip, written")
struct SubRipTests {
    private func written(_ cues: [Cue]) throws -> String {
        String(decoding: SubRip(try CaptionTrack(cues: cues)).bytes, as: UTF8.self)
    }

    @Test func cues_areNumberedInTheOrderOfTheirStarts() throws {
        let text = try written([
            Cue(text: "later", start: 3661.0005, end: 3662),
            Cue(text: "{\\i1}first\\Nline", start: 0.5, end: 2, isRaw: true),
            Cue(text: "too short to be written", start: 1, end: 1.0001),
            Cue(text: "{\\p1}m 0 0", start: 1, end: 2, isRaw: true),
        ])
        #expect(
            text == """
                1
                00:00:00,500 --> 00:00:02,000
                first
                line

                2
                01:01:01,001 --> 01:01:02,000
                later

                """)
        #expect(try written([]) == "")
    }

    @Test(arguments: [
        ("42", "42"), ("a\n\n \nb", "a\nb"), ("a --> b", "a → b"),
        ("00:00:01,000 --> 00:00:02,000", "00:00:01,000 → 00:00:02,000"), ("<b>x</b> <3", "‹b>x‹/b> <3"),
        ("{\\an8}{y:i} {a}", "(\\\u{2060}an8}(y:i} {a}"), ("a\u{0}\u{7}b", "ab"),
        ("it's 100% \"so\"", "it's 100% \"so\""),
    ])
    func text_isNeverTakenForAnythingElse(text: String, shown: String) throws {
        #expect(SubRip.text(of: Cue(text: text, start: 0, end: 1)) == shown)
    }

    @Test func readBack_itIsTheSame() throws {
        let texts = ["one\ntwo", "42", "7\n8", "a --> b", "<b>x", "{\\an8}y", "שלום", "x\\Ny", "&amp; &"]
        let cues = texts.enumerated().map { Cue(text: $1, start: Double($0) + 0.25, end: Double($0) + 1) }
        let track = try CaptionTrack.read(SubRip(try CaptionTrack(cues: cues)).bytes, format: .srt)
        #expect(track.cues.map(\.start) == cues.map(\.start) && track.cues.map(\.end) == cues.map(\.end))
        #expect(!track.cues.contains { $0.isRaw })
        #expect(track.cues.map(\.text).dropLast() == cues.map(SubRip.text).dropLast())
    }
}
