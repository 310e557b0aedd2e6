import JobCore
import Spool
import TestSupport
import Testing

@Suite("Job log")
struct LogTests {
    private let world: SpoolWorld
    private let id = SpoolWorld.id

    init() throws {
        world = try SpoolWorld()
        try world.submit()
    }

    private func lines() throws -> [Substring] { try world.spool.logText(id).split(separator: "\n") }

    @Test func log_addsALineWithTheTime_withoutSecrets() throws {
        #expect(try world.spool.logText(id) == "")
        try world.spool.log("started", id)
        try world.spool.log("token=abcdefgh", id)
        #expect(try lines() == ["\(world.clock.now.text) started", "\(world.clock.now.text) token=\(Redaction.mask)"])
    }

    @Test(arguments: ["x", "é", "漢", "🎬"], [0, 1, 58, 59, 60, 61, 62, 63, 64, 90, 130])
    func log_atItsLimit_endsWithALineThatSaysSo(character: String, lack: Int) throws {
        // Full but for so many bytes.
        try world.disk.append(
            SpoolLayout.log(id), Array(repeating: UInt8(ascii: "."), count: SpoolFolder.logLimit - lack))
        for _ in 0..<3 { try world.spool.log(String(repeating: character, count: 200), id) }
        let text = try world.spool.logText(id)
        #expect(text.utf8.count <= SpoolFolder.logLimit)
        #expect(!text.unicodeScalars.contains("\u{FFFD}"))
        let last = "The log is full (1048576 bytes): later lines are left out.\n"
        // A log that has no room for its last line was made by somebody else.
        #expect(text.count(of: last) == (lack < last.utf8.count ? 0 : 1))
        if lack >= last.utf8.count { #expect(text.hasSuffix(last)) }
    }

    @Test func log_thatGrowsLineByLine_isFullOnceAndEndsWithTheLineThatSaysSo() throws {
        let line = String(repeating: "frame ", count: 700)
        for _ in 0..<300 { try world.spool.log(line, id) }
        try world.spool.log("short", id)
        let text = try world.spool.logText(id)
        #expect(text.utf8.count <= SpoolFolder.logLimit && text.utf8.count > SpoolFolder.logLimit - 4)
        #expect(text.count(of: "The log is full") == 1)
        #expect(text.hasSuffix("left out.\n"))
    }
}

extension String {
    /// How often a word stands in the text.
    fileprivate func count(of word: String) -> Int { ranges(of: word).count }
}
