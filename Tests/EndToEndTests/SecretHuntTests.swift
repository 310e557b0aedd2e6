import Foundation
import JobCore
import TestSupport
import Testing

/// A hunt that finds nothing proves nothing unless it finds what was planted.
@Suite(.timeLimit(.minutes(2))) struct SecretHuntTests {
    private static let secret = "hush/hush+hush é"
    private static let hunt = SecretHunt(["the secret": secret])

    private func finds(_ text: String) -> [SecretHunt.Form] {
        Self.hunt.finds(in: Data(text.utf8), of: "x").map(\.form)
    }

    @Test func planted_isFound_inEveryForm() {
        #expect(finds("key=\(Self.secret)\n") == [.plain])
        for count in 0..<7 {
            let (before, after) = (String(repeating: "u", count: count), String(repeating: "z", count: count % 4))
            let text = Base64.encoded(Array("\(before)\(Self.secret)\(after)".utf8))
            #expect(finds("Basic \(text)") == [.base64], "behind \(count) bytes")
            let safe = text.replacing("+", with: "-").replacing("/", with: "_")
            #expect(finds("Basic \(safe)") == [.base64], "behind \(count) bytes, for URLs")
        }
        for text in ["hush%2Fhush%2Bhush%20%C3%A9", "hush%2fhush%2bhush%20%c3%a9", "hush/hush%2Bhush%20%C3%A9"] {
            #expect(finds("http://user:\(text)@proxy") == [.percent], "\(text)")
        }
    }

    @Test func whatOnlyLooksLikeIt_isNotFound() {
        #expect(finds("") == [] && finds("hush/hush+hus") == [] && finds("Hush/hush+hush é") == [])
        #expect(finds(Base64.encoded(Array("hush/hush hush é".utf8))) == [])
    }

    @Test func signature_isFoundByItsMark_butNotWhereItWasTakenOut() {
        func finds(_ text: String) -> Int { SecretHunt.ours.finds(in: Data(text.utf8), of: "x").count }
        #expect(finds("GET /a.mp4?X-Amz-Date=1&X-Amz-Signature=0af3") == 1)
        #expect(finds("a.mp4%3FX-Amz-Signature%3D9af3") == 1 && finds("a.mp4%3fX-Amz-Signature%3dfff") == 1)
        #expect(finds("GET /a.mp4?X-Amz-Signature=\(Redaction.mask)&x=1") == 0)
    }

    @Test(arguments: ["spool/index/jobs.sqlite-wal", "spool/work/0/x/run.json", "spool/work/0/x/a1/video.mp4", "log"])
    func planted_inAnyFile_isFound(name: String) throws {
        let folder = NSTemporaryDirectory() + "kinospool-hunt-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let url = URL(filePath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data([0, 1, 2, 0xFF] + Array(Self.secret.utf8) + [0, 0xFE]).write(to: url)
        try Data(Self.secret.utf8).write(to: URL(filePath: "\(folder)/token"))
        var hunt = Self.hunt
        hunt.allowed = ["token"]
        let bag = try hunt.bag(below: folder)
        #expect(bag.files == [name] && bag.finds == [SecretHunt.Find("the secret", .plain, in: name)])
        try FileManager.default.removeItem(at: url)
        #expect(try hunt.bag(below: folder).finds == [])
    }

    /// What a daemon prints, is called with, and calls others with.
    @Test func planted_inAProgramsWords_isFound() async throws {
        let hunt = SecretHunt(["a word": "planted-word", "a prompt": "planted-prompt"])
        try await Desk.use { plain in
            let desk = try plain.hunting(hunt)
            // It names what it does not know, and was called with it.
            #expect(try await desk.run("serve", "--planted-word").status == 64)
            #expect(try desk.bag(hunt).finds.map(\.place).sorted().map(Desk.kind) == ["commands", "errors"])
            let job = #"{"type":"RENDER","params":{"prompt":"planted-prompt","duration":0.2,"resolution":"64x64"}}"#
            try desk.write("spool/queued/boats.json", job)
            #expect(try await desk.run("serve", "--once").status == 0)
            let found = Set(try desk.bag(hunt).finds.filter { $0.secret == "a prompt" }.map { Desk.kind($0.place) })
            // The job file, the index, the film with its recipe.
            #expect(found.isSuperset(of: ["boats.json", "jobs.sqlite", "video.mp4"]), "\(found)")
            let commands = try #require(desk.read("\(desk.folder)/\(Desk.printed)/commands"))
            #expect(commands.contains("ffmpeg ") && commands.contains("serve --once"))
        }
    }
}
