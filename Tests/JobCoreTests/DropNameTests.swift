import JobCore
import Testing

@Suite("Drop names")
struct DropNameTests {
    @Test(arguments: [
        ".hidden", ".x.json", ".x.json.AbC123", ".~lock.x.json#", ".~tmp~", ".nfs0001", ".fuse_hidden001",
        ".smbdelete1",
        ".DS_Store", "x.json~", "x.tmp", "x.json.part", "x.partial", "x.json.crdownload", "x.download", "x.filepart",
        "x.json.swp", "x.swx", "x.swo", "x.lock", "x.temp", "x.rsync-partial", "#x.json#", "4913", "x.json.sb-1a2b-c3",
        "X.JSON.PART", "x.json.TMP",
    ])
    func temporaryName_isIgnored(name: String) {
        #expect(DropName(name) == .ignored)
    }

    @Test(arguments: [
        ("x.json", "x"), ("My Film 1.json", "My Film 1"), ("X.JSON", "X"), ("x.json.json", "x.json"),
        ("4913.json", "4913"),
        ("#x.json", "#x"), ("~x.json", "~x"), ("漢字.json", "漢字"), ("..json", nil), (".json", nil),
    ])
    func jobFile_givesItsStem(name: String, stem: String?) {
        #expect(DropName(name) == (stem.map { .job(stem: $0) } ?? .ignored))
    }

    @Test(arguments: ["cat.png", "x.jsonl", "json", "x.json.bak", "x.json.txt", "README", "x", " "])
    func anythingElse_isOther(name: String) {
        #expect(DropName(name) == .other)
    }
}
