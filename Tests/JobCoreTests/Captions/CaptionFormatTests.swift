import JobCore
import Testing

@Suite("Caption files")
struct CaptionFormatTests {
    private static let samples: [CaptionFormat: String] = [
        .srt: "1\n00:00:01,000 --> 00:00:02,500\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nworld\n",
        .vtt: "WEBVTT\n\n00:01.000 --> 00:02.500\nHello\n\n00:03.000 --> 00:04.000\nworld\n",
        .ass: Captions.ass(
            "Dialogue: 0,0:00:01.00,0:00:02.50,,,0,0,0,,Hello\nDialogue: 0,0:00:03.00,0:00:04.00,,,0,0,0,,world\n"),
    ]

    @Test(arguments: [
        ("a.srt", CaptionFormat.srt), ("A.SRT", .srt), ("b.c.vtt", .vtt), ("x.ass", .ass), ("x.ssa", .ass),
        ("srt", nil),
        ("x.txt", nil), ("x.", nil), ("", nil),
    ])
    func format_isToldByTheEnding(name: String, format: CaptionFormat?) {
        #expect(CaptionFormat(fileName: name) == format)
    }

    @Test(arguments: CaptionFormat.allCases, ["\n", "\r\n", "\r"])
    func read_withAnyLineEnds_aMarkAndNoLastLineEnd_findsTheSame(format: CaptionFormat, lineEnd: String) throws {
        let text = try #require(Self.samples[format])
        let plain = try Captions.read(text, format)
        #expect(plain.cues.map(\.text) == ["Hello", "world"])
        #expect(plain.cues.map(\.start) == [1, 3] && plain.cues.map(\.end) == [2.5, 4])
        let other = text.replacing("\n", with: lineEnd)
        #expect(try Captions.read("\u{FEFF}" + other, format) == plain)
        #expect(try Captions.read(String(other.dropLast()), format) == plain)
    }

    @Test func read_ofAnotherKindThanTheNameSays_isRefused() throws {
        for (kind, text) in Self.samples {
            for format in CaptionFormat.allCases where format != kind {
                #expect(Captions.refusal(text, format) == "f holds \(kind.title), not \(format.title)")
            }
        }
    }

    @Test(arguments: CaptionFormat.allCases, ["", "\n\n", "Hello there\n", "{\"a\": 1}"])
    func read_ofWhatIsNoCaptionFile_isRefused(format: CaptionFormat, text: String) {
        #expect(
            Captions.refusal(text, format).hasPrefix("f is empty or holds no captions; \(format.title) begins with"))
    }

    @Test func read_ofOtherEncodings_isRefusedWithTheLine() {
        let latin = Array("1\n00:00:01,000 --> 00:00:02,000\nGr".utf8) + [0xFC, 0xDF, 0x65, 0x0A]
        #expect(Captions.refusal(latin, .srt) == "f line 3 is not UTF-8")
        #expect(Captions.refusal([0xFF, 0xFE, 0x31, 0x00], .srt) == "f is UTF-16 or no text at all")
        #expect(Captions.refusal([0x31, 0x00, 0x0A, 0x00], .srt) == "f is UTF-16 or no text at all")
    }

    @Test func file_atTheLimitAndOnePast() throws {
        let text = try #require(Self.samples[.srt])
        let filled = Array(text.utf8) + Array(repeating: 0x0A, count: CaptionTrack.fileLimit - text.utf8.count)
        #expect(try CaptionTrack.read(filled, format: .srt).cues.count == 2)
        #expect(Captions.refusal(filled + [0x0A], .srt) == "f has 1048577 bytes, the limit is 1048576")
    }

    @Test func cues_atTheLimitAndOnePast() throws {
        func file(_ count: Int, _ format: CaptionFormat) -> String {
            let cues =
                switch format {
                case .srt: String(repeating: "1\n00:00:01,000 --> 00:00:02,500\na\n\n", count: count)
                case .vtt: "WEBVTT\n\n" + String(repeating: "00:01.000 --> 00:02.500\na\n\n", count: count)
                case .ass:
                    Captions.ass(String(repeating: "Dialogue: 0,0:00:01.00,0:00:02.50,,,0,0,0,,a\n", count: count))
                }
            return cues
        }
        for format in CaptionFormat.allCases {
            #expect(try Captions.read(file(CaptionTrack.cueLimit, format), format).cues.count == CaptionTrack.cueLimit)
            let refused = Captions.refusal(file(CaptionTrack.cueLimit + 1, format), format)
            #expect(refused.hasSuffix("is one caption too many, the limit is 10000"), "\(format)")
        }
    }

    @Test func text_atTheLimitAndOnePast() throws {
        for format in CaptionFormat.allCases {
            let text = try #require(Self.samples[format])
            let fits = text.replacing("Hello", with: String(repeating: "a", count: Cue.textLimit))
            #expect(try Captions.read(fits, format).cues.first?.text.utf8.count == Cue.textLimit)
            let refused = Captions.refusal(fits.replacing("aa\n", with: "aaa\n"), format)
            #expect(refused.hasSuffix("begins a caption of 2049 bytes, the limit is 2048"), "\(format)")
        }
    }
}
