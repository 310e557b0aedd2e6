import Testing

@testable import JobCore

@Suite struct WarningListTests {
    @Test func add_keepsTwentyAtMostAndEachOnce() {
        let list = WarningList((0..<30).flatMap { ["warning \($0)", "warning \($0)"] })
        #expect(list.texts == (0..<20).map { "warning \($0)" })
    }

    @Test func add_cutsAtTheLimit() {
        #expect(WarningList([String(repeating: "ä", count: 300)]).texts[0].count == 300)
        let cut = WarningList([String(repeating: "ä", count: 301)]).texts[0]
        #expect(cut.count == 300 && cut.hasSuffix("ä…"))
    }

    @Test func add_redactsAndKeepsToOneLine() {
        #expect(WarningList(["api_key=abcdef123456\nand more"]).texts == ["api_key=•••• and more"])
        #expect(WarningList(["", "\n"]).texts.isEmpty)
    }

    @Test func document_warnings_readBackWhatTheyWrote() throws {
        var document = JobDocument(["type": "NOOP"])
        document.warnings = ["The film is silent."]
        #expect(try JobDocument(reading: document.bytes).warnings == ["The film is silent."])
        document.warnings = []
        #expect(document.fields == ["type": "NOOP"])
        #expect(JobDocument(["warnings": [1, "a", .null]]).warnings == ["a"])
        #expect(JobDocument(["warnings": "a"]).warnings.isEmpty)
    }
}
