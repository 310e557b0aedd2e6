import JobCore
import Logging
import Testing

@testable import kinospool

@Suite struct TextTests {
    @Test(arguments: [("abc", 3), ("雨の街", 6), ("e\u{301}", 1), ("🎬", 2), ("🇩🇪", 2), ("👩‍🚀", 2), ("❤️", 2), ("", 0)])
    func width_countsColumns(_ text: String, _ columns: Int) {
        #expect(TerminalText.width(text) == columns)
    }

    @Test func truncated_neverPassesTheWidth() {
        for width in 0...12 {
            #expect(TerminalText.width(TerminalText.truncated("a雨b街c🎬d", to: width)) <= width)
        }
        #expect(TerminalText.truncated("abc", to: 3) == "abc")
        #expect(TerminalText.truncated("abcd", to: 3) == "ab…")
    }

    @Test func plain_takesOutWhatMovesTheCursorOrTurnsTheText() {
        #expect(TerminalText.plain("a\u{1B}[31m\nb\u{202E}c") == "a [31m bc")
    }

    @Test(
        arguments: [("90", 90_000), ("0.5s", 500), ("500ms", 500), ("30m", 1_800_000), ("2h", 7_200_000)]
            as [(String, Int64)])
    func timeSpan_readsUnits(_ text: String, _ milliseconds: Int64) {
        #expect(TimeSpan(argument: text)?.duration.milliseconds == milliseconds)
    }

    @Test(arguments: ["", "soon", "-1", "1d", "1e9", "99999999h", "0x10"])
    func timeSpan_refusesAnythingElse(_ text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }

    @Test func attachmentName_isPlainAndUnique() {
        #expect(Attachments.name(for: "My Cat!.PNG", taken: []) == "my-cat.png")
        #expect(Attachments.name(for: "my cat.png", taken: ["my-cat.png"]) == "my-cat-2.png")
        #expect(Attachments.name(for: "..", taken: []) == "file")
        #expect(Attachments.name(for: "雨.jpeg", taken: []) == "file.jpeg")
        #expect(Attachments.name(for: "archive.tar.gz", taken: []) == "archive-tar.gz")
    }

    @Test(arguments: ["https://x/y.png", "S3://bucket/key", "data:image/png;base64,AA"])
    func aURL_isRemote(_ text: String) { #expect(Attachments.isRemote(text)) }

    @Test(arguments: ["cat.png", "/a/b.png", "~/c.png", "a b://c"])
    func aPath_isNotRemote(_ text: String) { #expect(!Attachments.isRemote(text)) }

    @Test func tally_givesOneExitForAll() {
        func exit(_ done: Int, _ exits: [Exit]) -> Exit {
            var tally = Tally()
            for _ in 0..<done { tally.succeeded() }
            for exit in exits { tally.failed(exit) }
            return tally.exit
        }
        #expect(exit(2, []) == .done)
        #expect(exit(1, [.noSuchJob]) == .partly)
        #expect(exit(0, [.noSuchJob, .noSuchJob]) == .noSuchJob)
        #expect(exit(0, [.noSuchJob, .failed]) == .failed)
    }

    @Test func logLine_holdsNoSecretAndOneLine() {
        let text = LogLine.text(
            "2026-11-23T14:03:55.123Z", .info, "a job\nchanged state",
            ["job.id": "one", "api_key": "abcdef123456", "note": "two words"])
        let wanted = "2026-11-23T14:03:55.123Z info    a job changed state"
        #expect(text.hasPrefix(wanted))
        #expect(text.contains("job.id=one"))
        #expect(text.contains(#"note="two words""#))
        #expect(!text.contains("abcdef123456"))
        let object = LogLine.json("2026-11-23T14:03:55.123Z", .info, "m", ["api_key": "abcdef123456", "job.id": "one"])
        #expect(!object.contains("abcdef123456"))
        #expect(object.contains(#""job.id":"one""#))
    }

    @Test(
        arguments: [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (18_000_000, "18 MB"), (1_400_000_000, "1.4 GB")]
            as [(Int64, String)])
    func bytes_areShort(_ count: Int64, _ text: String) { #expect(ByteText.text(count) == text) }
}
