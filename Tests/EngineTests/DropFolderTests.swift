import Backends
import JobCore
import Spool
import TestSupport
import Testing

@testable import Engine

/// The inbox, bad drops, and lost hints.
@Suite(.timeLimit(.minutes(3))) struct DropFolderTests {
    /// A policy with little patience.
    private static func hasty() throws -> Policy {
        try Policy(
            heartbeatInterval: .milliseconds(100), tornFileAge: .milliseconds(300), settleAge: .milliseconds(100))
    }

    private static let withPicture = #"{"type":"RENDER","params":{"prompt":"x","image":"cat.png"}}"#

    @Test func inbox_attachmentComesAfterTheJobFile_startsWithIt() async throws {
        let backend = ScriptedBackend()
        try await Stage.play(backend, policy: try Self.hasty()) { stage in
            try stage.drop("cat-film", Self.withPicture, into: "inbox")
            try await stage.untilSaid("reason=waiting for cat.png")
            #expect(try stage.spool.folder.state(of: "cat-film") == nil)
            try stage.spool.drop("inbox/cat.png", [1, 2, 3])
            try await stage.until("cat-film", is: .done)
            #expect(stage.spool.listing("inbox").isEmpty)
            #expect(
                try stage.spool.files.read("\(SpoolLayout.inputs("cat-film"))/cat.png", limit: 9)?.bytes == [1, 2, 3])
            #expect(backend.requests.map(\.inputs) == [stage.spool.folder.absolute(SpoolLayout.inputs("cat-film"))])
        }
    }

    @Test func inbox_aFolderWithItsPicture_isTakenInWhole() async throws {
        try await Stage.play(ScriptedBackend(), policy: try Self.hasty()) { stage in
            let outside = stage.spool.outside + "/cats"
            try Shell.run(
                #"mkdir "$0" && printf meow > "$0/cat.png" && printf '%s' '\#(Self.withPicture)' > "$0/film.json""#,
                outside)
            try Shell.run(#"mv "$0" "$0/../spool/inbox/cats""#, outside)
            try await stage.until("film", is: .done)
            #expect(try stage.exists("\(SpoolLayout.inputs("film"))/cat.png"))
            try await stage.until { stage.spool.listing("inbox").isEmpty }
        }
    }

    @Test func inbox_twoJobsSharingAPicture_bothGetIt() async throws {
        try await Stage.play(ScriptedBackend(), policy: try Self.hasty()) { stage in
            try stage.spool.drop("inbox/cat.png", [1, 2, 3])
            try stage.drop("one", Self.withPicture, into: "inbox")
            try stage.drop("two", Self.withPicture, into: "inbox")
            for id in ["one", "two"] as [JobID] {
                try await stage.until(id, is: .done)
                #expect(try stage.exists("\(SpoolLayout.inputs(id))/cat.png"))
            }
            #expect(stage.spool.listing("inbox").isEmpty)
        }
    }

    @Test(arguments: [
        #"{"type":"NOOP","par"#, "[1,2]", "\"text\"", "{\"type\":\"NOOP\"}\u{0}", "", "\u{0}\u{0}\u{0}",
        String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000),
        #"{"type":"NOOP"}"# + String(repeating: " ", count: 3 << 20),
    ])
    func badFile_isSetAsideWithAReason_andTheNextGoodOneIsDone(text: String) async throws {
        try await Stage.play(policy: try Self.hasty()) { stage in
            try stage.drop("bad", text)
            try await stage.untilSaid("warning file set aside file=queued/bad.json")
            let names = stage.spool.listing("quarantine")
            let why = try #require(names.first { $0.hasSuffix(".why.json") })
            #expect(names.contains(String(why.dropLast(".why.json".count))))
            let bytes = try #require(try stage.spool.files.read("quarantine/\(why)", limit: 1 << 16)?.bytes)
            let reason = try #require(Failure(json: try JSONReader.read(bytes)))
            #expect(reason.code == .invalidJob)
            #expect(reason.message.hasPrefix("queued/bad.json: "))
            try stage.drop("good")
            try await stage.until("good", is: .done)
        }
    }

    @Test(arguments: [
        #"{"type":"DREAM"}"#, #"{"type":7}"#, #"{}"#, #"{"type":"NOOP","priority":"high"}"#,
        #"{"type":"NOOP","params":{"seconds":1e300}}"#, #"{"type":"NOOP","job_id":"../../etc/passwd"}"#,
        #"{"type":"NOOP","needs":["a/b"]}"#, #"{"type":"RENDER","params":{"prompt":" "}}"#,
        #"{"type":"NOOP","params":[]}"#,
    ])
    func impossibleWish_failsWithAPointer_andTheNextGoodOneIsDone(text: String) async throws {
        try await Stage.play(policy: try Self.hasty()) { stage in
            try stage.drop("bad", text)
            try await stage.until("bad", is: .failed)
            let error = try #require(try stage.document("bad").error)
            #expect(error.code == .invalidJob)
            #expect(error.message.hasPrefix("/"))
            try stage.drop("good")
            try await stage.until("good", is: .done)
        }
    }

    @Test(arguments: [#"ln -s /etc/passwd "$0""#, #"mkfifo "$0""#, #"mkdir "$0""#])
    func noFile_isSetAside(command: String) async throws {
        try await Stage.play(policy: try Self.hasty()) { stage in
            try Shell.run(command, stage.spool.folder.absolute("queued/bad.json"))
            try await stage.untilSaid("warning file set aside file=queued/bad.json")
            try stage.drop("good")
            try await stage.until("good", is: .done)
            #expect(stage.spool.listing("queued").isEmpty)
        }
    }

    @Test(arguments: ["half.json.part", ".hidden.json", "vim.json~", "#draft.json#", "4913"])
    func temporaryName_isLeftAlone(name: String) async throws {
        try await Stage.play(policy: try Self.hasty()) { stage in
            try stage.spool.drop("queued/\(name)", Array(#"{"type":"NOOP"}"#.utf8))
            try stage.drop("good")
            try await stage.until("good", is: .done)
            #expect(stage.spool.listing("queued") == [name])
        }
    }

    @Test func takenAndIllegalNames_getAnIdOfTheirOwn() async throws {
        try await Stage.play(policy: try Self.hasty()) { stage in
            try stage.drop("job")
            try await stage.until("job", is: .done)
            try stage.drop("job", #"{"type":"NOOP","note":"second"}"#)
            try stage.spool.drop("queued/Mein Film (1).JSON", Array(#"{"type":"NOOP"}"#.utf8))
            try await stage.until { try stage.spool.folder.ids(in: .done).count == 3 }
            let others = try stage.spool.folder.ids(in: .done).map(\.text).filter { $0 != "job" }.sorted()
            #expect(others.map { String($0.dropLast(7)) } == ["job", "mein-film-1"])
            #expect(try stage.document("job")[.note] == nil)
        }
    }

    @Test func slowWriter_isNotTakenBeforeItsFileIsWhole() async throws {
        try await Stage.play { stage in
            try Shell.run(
                #"{ printf '{"type":'; sleep 0.2; printf '"NOOP"}'; } > "$0""#,
                stage.spool.folder.absolute("queued/slow.json"))
            try await stage.until("slow", is: .done)
            #expect(stage.journal.count("refused") == 0)
            #expect(stage.spool.listing("quarantine").isEmpty)
        }
    }

    @Test func folderMovedAwayAndMadeAnew_isListenedToAgain() async throws {
        try await Stage.play { stage in
            try Shell.run(#"mv "$0" "$0.old""#, stage.spool.folder.absolute("queued"))
            try await stage.untilSaid("events were lost: looking at every folder")
            try await stage.until { try stage.exists("queued") }
            try stage.drop("job")
            try await stage.until("job", is: .done)
        }
    }
}
