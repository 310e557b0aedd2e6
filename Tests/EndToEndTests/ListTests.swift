import JobCore
import Testing

@Suite struct ListTests {
    @Test func ls_inAPipe_isFiveFieldsNewestFirst() async throws {
        try await Desk.use { desk in
            try await desk.submit("one", #"{"prompt":"boats\tdrift\nout"}"#, type: "RENDER")
            try await desk.submit("two")
            try desk.move("one", from: .queued, to: .canceled)
            let answer = try await desk.run("ls")
            #expect(answer.output == "two\tqueued\tNOOP\t0\t\none\tcanceled\tRENDER\t0\tboats drift out\n")
            #expect(answer.errors.isEmpty)
        }
    }

    @Test func ls_filters_narrowTheList() async throws {
        try await Desk.use { desk in
            try await desk.submit("boats", #"{"prompt":"paper boats"}"#, type: "RENDER")
            try await desk.submit("fog", #"{"prompt":"fog"}"#, type: "RENDER")
            try await desk.submit("idle")
            try desk.move("fog", from: .queued, to: .failed)
            func ids(_ arguments: String...) async throws -> [String] {
                try await desk.start(["ls"] + arguments).answer().lines.map { String($0.prefix { $0 != "\t" }) }
            }
            #expect(try await ids("--state", "active") == ["idle", "boats"])
            #expect(try await ids("--state", "failed,QUEUED") == ["idle", "fog", "boats"])
            #expect(try await ids("--type", "render") == ["fog", "boats"])
            #expect(try await ids("--search", "PAPER") == ["boats"])
            #expect(try await ids("--limit", "1") == ["idle"])
        }
    }

    @Test func ls_json_isOneObjectALineAsShowPrintsIt() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            try await desk.submit("two")
            let listed = try await desk.run("ls", "--json").lines.map(Desk.object)
            #expect(listed.map { $0["job_id"] } == ["two", "one"])
            #expect(listed.allSatisfy { $0["v"] == 1 && $0["status"] == "QUEUED" })
            #expect(try Desk.object(try await desk.run("show", "two", "--json").output) == listed[0])
        }
    }

    @Test func ls_unknownState_isWrongUsageWithASuggestion() async throws {
        try await Desk.use { desk in
            let answer = try await desk.run("ls", "--state", "faild")
            #expect(answer.status == 64)
            #expect(answer.errors.contains("Did you mean 'failed'?"))
        }
    }

    @Test func ls_onATerminal_isATableCutToItsWidth() async throws {
        try await Desk.use { desk in
            let long = String(repeating: "x", count: 200)
            try await desk.submit("wide", #"{"prompt":"雨のネオン街 \#(long)"}"#, type: "RENDER")
            let terminal = try PseudoTerminal()
            try await desk.run("ls", environment: ["NO_COLOR": "1"], terminal: terminal)
            let text = terminal.finish()
            let expected = """
                JOB   STATE     TYPE    PROGRESS  WHAT
                wide  queued    RENDER  waiting   雨のネオン街 \(String(repeating: "x", count: 32))…

                """
            #expect(text == expected)
        }
    }

    @Test(
        arguments: [
            ([:], [], true), (["NO_COLOR": "1"], [], false), (["TERM": "dumb"], [], false),
            ([:], ["--no-color"], false),
        ] as [([String: String], [String], Bool)])
    func ls_onATerminal_isColoredOnlyWhereWanted(
        _ environment: [String: String], _ flags: [String], _ isColored: Bool
    ) async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            let terminal = try PseudoTerminal()
            _ = try await desk.start(["ls"] + flags, environment: environment, terminal: terminal).answer()
            #expect(terminal.finish().contains("\u{1B}[") == isColored)
        }
    }

    @Test func ls_aPromptWithEscapes_cannotMoveTheCursor() async throws {
        try await Desk.use { desk in
            try await desk.submit("evil", #"{"prompt":"a\u001b[2Jb\u009bc"}"#, type: "RENDER")
            let terminal = try PseudoTerminal()
            try await desk.run("ls", "--no-color", terminal: terminal)
            let text = terminal.finish()
            #expect(text.contains("a [2Jb c"))
            #expect(!text.contains("\u{1B}"))
        }
    }

    @Test func reindex_countsTheJobs() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            try await desk.submit("two")
            #expect(try await desk.run("reindex").output == "2 jobs indexed\n")
            #expect(try Desk.object(try await desk.run("reindex", "--json").output) == ["v": 1, "jobs": 2])
        }
    }
}
