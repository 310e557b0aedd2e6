import JobCore
import Testing

@testable import Backends

@Suite("Prompt card")
struct PromptCardTests {
    @Test(arguments: [
        ("{\\pos(0,0)}x", "\\{\\\u{2060}pos(0,0)\\}x"), ("a\nb\r\nc\td", "a b c d"), ("a\\Nb", "a\\\u{2060}Nb"),
        ("100% %{pts}", "100% %\\{pts\\}"),
        ("\u{2028}x\u{85}y", " x y"), ("it's \"so\": a,b;[c]", "it's \"so\": a,b;[c]"), ("👩‍🚀 שלום", "👩‍🚀 שלום"),
        ("a\u{7}\u{1B}[0mb", "a [0mb"), ("", ""),
    ])
    func escaped_leavesNothingThatLibassWouldObey(text: String, shown: String) {
        #expect(PromptCard.escaped(text) == shown)
    }

    @Test func escaped_ofALongText_endsWithAnEllipsisAtTheLimit() {
        let limit = PromptCard.promptLimit
        #expect(PromptCard.escaped(String(repeating: "a", count: limit)).count == limit)
        let cut = PromptCard.escaped(String(repeating: "a", count: limit + 1))
        #expect(cut.count == limit + 1 && cut.hasSuffix("a…"))
    }

    @Test func bytes_withAHostilePrompt_keepTheEventOnItsLine() throws {
        let size = try #require(FrameSize(width: 128, height: 72))
        let prompt = "a\nDialogue: 9,0:00:00.00,9:00:00.00,Prompt,,0,0,0,,evil\n[Fonts]\nfontname: x"
        let card = PromptCard(size: size, prompt: prompt, footer: "f", isCaption: false, fadesIn: false)
        let lines = String(decoding: card.bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("Dialogue:") }.count == 2)
        #expect(lines.filter { $0.hasPrefix("[") }.count == 3)
    }
}
