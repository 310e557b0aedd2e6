import Glibc
import JobCore
import Testing

@Suite struct UsageTests {
    @Test(arguments: [
        ["show"], ["cancel"], ["submit"], ["ls", "--limit", "0"], ["ls", "--nonsense"], ["nonsense"],
        ["render", "x", "-n", "0"], ["completions", "tcsh"], ["serve", "--log-level", "loud"],
        ["submit", "a.json", "--priority", "101"], ["show", "a", "--from", "b.mp4"],
    ])
    func wrongUsage_exits64AndSaysHow(_ arguments: [String]) async throws {
        try await Desk.use { desk in
            let answer = try await desk.start(arguments).answer()
            #expect(answer.status == 64)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.hasPrefix("kinospool: "))
            #expect(answer.errors.contains("Usage: kinospool"))
        }
    }

    @Test func wrongUsage_json_isAProblemObject() async throws {
        try await Desk.use { desk in
            let answer = try await desk.run("show", "--json")
            #expect(answer.status == 64)
            let problem = try #require(try Desk.object(answer.errors)["error"]?.object)
            #expect(problem["code"] == "usage")
            #expect(Set(problem.keys) == ["code", "message", "hint", "retryable"])
        }
    }

    @Test func aMisspelledCommand_isGuessed() async throws {
        try await Desk.use { desk in
            let answer = try await desk.run("sho")
            #expect(answer.errors.hasSuffix("hint: did you mean 'show'?\n"))
        }
    }

    @Test(arguments: [
        ["ls"], ["show", "x"], ["wait", "x"], ["logs", "x"], ["cancel", "x"], ["retry", "x"], ["rm", "x"], ["pause"],
        ["resume"], ["reindex"],
    ])
    func aFolderThatIsNoSpool_exits6(_ arguments: [String]) async throws {
        try await Desk.use(isEmpty: true) { desk in
            let answer = try await desk.start(arguments).answer()
            #expect(answer.status == 6)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.contains("There is no spool in \(desk.folder)/spool."))
            #expect(answer.errors.contains("kinospool init"))
            #expect(!desk.exists("spool"))
        }
    }

    @Test func init_twice_changesNothing() async throws {
        try await Desk.use(isEmpty: true) { desk in
            let first = try await desk.run("init", "--json")
            let expected: [String: JSONValue] = [
                "v": 1, "spool": .string("\(desk.folder)/spool"), "created": true,
            ]
            #expect(try Desk.object(first.output) == expected)
            try await desk.submit("one")
            let second = try await desk.run("init")
            #expect(second.output == "Spool \(desk.folder)/spool is there already.\n")
            #expect(try await desk.run("ls").lines.count == 1)
        }
    }

    @Test func init_onACopy_leavesItToTheDaemonToRecogniseIt() async throws {
        try await Desk.use { desk in
            #expect(try await desk.run("serve", "--once").status == 0)
            try desk.copy("spool", to: "copy")
            let answer = try await desk.run("init", "-C", "copy")
            #expect(answer.output == "Spool \(desk.folder)/copy is there already.\n")
            let daemon = try await desk.run("serve", "--once", "-C", "copy")
            #expect(daemon.errors.contains("restored copy: every job is checked"))
            #expect(desk.exists("copy/meta/paused-paid"))
        }
    }

    @Test func aSpoolOfANewerFormat_exits78() async throws {
        try await Desk.use { desk in
            try desk.write("spool/meta/format.json", #"{"format":99}"#)
            let answer = try await desk.run("ls")
            #expect(answer.status == 78)
            #expect(answer.errors.contains("has format 99"))
        }
    }

    @Test func aSpoolPath_thatIsAFile_exits6() async throws {
        try await Desk.use(isEmpty: true) { desk in
            try desk.write("a.json", #"{"type":"NOOP"}"#)
            #expect(try await desk.run("submit", "a.json", "-C", "a.json").status == 6)
        }
    }
}
