import JobCore
import Testing

@Suite("Font coverage")
struct FontCoverageTests {
    /// As `fc-list` prints it: one font a line.
    private let latin = FontCoverage(fcList: "20-7e a0-17f 2019\n30-39 41-5a 180\n\n")

    @Test func ranges_ofAllFonts_areUnited() {
        for covered in [0x20, 0x7E, 0xA0, 0x17F, 0x180, 0x2019] as [UInt32] {
            #expect(Unicode.Scalar(covered).map(latin.covers) == true, "\(covered)")
        }
        for missing in [0x1F, 0x7F, 0x9F, 0x181, 0x2018, 0x201A, 0x10FFFF] as [UInt32] {
            #expect(Unicode.Scalar(missing).map(latin.covers) == false, "\(missing)")
        }
    }

    @Test func output_ofOtherShapes_isPassedOver() {
        let coverage = FontCoverage(fcList: "zz 7a-61 61-zz 110000 41-110000 ffffffffff - \u{0} 64")
        #expect(coverage.missing(in: "azAd") == ["a", "z", "A"])
        #expect(FontCoverage(fcList: "").isEmpty && !latin.isEmpty)
    }

    @Test(arguments: [
        ("Hello, world\n", ""), ("漢a漢字", "漢字"), ("a\u{FE0F}\u{200D}\u{301}\t\u{A0}\u{202B}\u{3000}", ""),
        ("👩‍🚀", "👩🚀"), ("ไทยที่", "ไทย"), ("", ""),
    ])
    func missing_namesEachDrawnCharacterOnce(text: String, missing: String) {
        #expect(latin.missing(in: text) == Array(missing.unicodeScalars))
    }

    @Test(arguments: [
        (
            "漢", "No installed font has 漢 (U+6F22): captions show empty boxes instead.",
            "Install fonts: apt install fonts-noto-cjk"
        ),
        (
            "かก", "No installed font has か (U+304B) and ก (U+0E01)",
            "Install fonts: apt install fonts-noto-cjk fonts-noto-core"
        ),
        (
            "abcdefghij",
            "No installed font has a (U+0061), b (U+0062), c (U+0063), d (U+0064), e (U+0065), f (U+0066), "
                + "g (U+0067), h (U+0068) and 2 more: captions", "Install fonts: apt install fonts-noto-core"
        ),
        ("한", "No installed font has 한 (U+D55C)", "Install fonts: apt install fonts-noto-cjk"),
        ("ש", "No installed font has ש (U+05E9)", "Install fonts: apt install fonts-noto-core"),
        ("🎬", "No installed font has 🎬 (U+1F3AC)", "Install fonts: apt install fonts-symbola"),
        ("🫠", "No installed font has 🫠 (U+1FAE0)", "Write something else for 🫠: no Debian font draws it."),
        (
            "🎬🫠", "No installed font has",
            "Install fonts: apt install fonts-symbola. Write something else for 🫠: no Debian font draws it."
        ),
    ])
    func sentence_namesCharactersAndPackages(text: String, sentence: String, hint: String) throws {
        let missing = try #require(MissingCharacters(Array(text.unicodeScalars)))
        #expect(missing.sentence.hasPrefix(sentence), "\(missing.sentence)")
        #expect(missing.hint == hint)
        #expect(MissingCharacters([]) == nil)
    }
}
