import JobCore
import Testing

/// How people name jobs.
@Suite struct NamingTests {
    @Test func anId_byAnyBeginning_isFound() async throws {
        try await Desk.use { desk in
            try await desk.submit("harbour")
            #expect(try await desk.run("show", "harb").output.hasPrefix("harbour  queued"))
            #expect(try await desk.run("show", "HARB").status == 0)
        }
    }

    @Test func anId_thatIsAlsoABeginning_isItself() async throws {
        try await Desk.use { desk in
            try await desk.submit("shot")
            try await desk.submit("shot-2")
            #expect(try await desk.run("show", "shot").output.hasPrefix("shot  queued"))
        }
    }

    @Test func aBeginning_ofSeveral_isWrongUsageAndNamesThem() async throws {
        try await Desk.use { desk in
            try await desk.submit("shot-1")
            try await desk.submit("shot-2")
            let answer = try await desk.run("show", "sho")
            #expect(answer.status == 64)
            #expect(answer.errors == "kinospool: sho fits several jobs: shot-1, shot-2.\nhint: Type more of the id.\n")
        }
    }

    @Test func aGeneratedId_byItsLastLetters_isFound() async throws {
        try await Desk.use { desk in
            let id = try #require(
                try await desk.run("render", "a lighthouse", "--no-wait").lines.first)
            #expect(try await desk.run("show", String(id.suffix(6))).output.hasPrefix(id))
        }
    }

    @Test func atNames_standForJobsByState() async throws {
        try await Desk.use { desk in
            for id in ["one", "two", "three"] { try await desk.submit(id) }
            try desk.move("one", from: .queued, to: .failed)
            try desk.move("two", from: .queued, to: .failed)
            #expect(try await desk.run("show", "@last").output.hasPrefix("three"))
            #expect(try await desk.run("show", "@queued").output.hasPrefix("three"))
            #expect(try await desk.run("show", "@failed").output.hasPrefix("two"))
            #expect(try await desk.run("show", "@running").status == 5)
            let again = try await desk.run("retry", "@failed")
            #expect(again.output == "one queued\ntwo queued\n")
        }
    }

    @Test func aDash_readsIdsFromStdin() async throws {
        try await Desk.use { desk in
            for id in ["one", "two"] { try await desk.submit(id) }
            #expect(try await desk.run("cancel", "-", input: "one\ntwo\n").output == "one canceled\ntwo canceled\n")
        }
    }

    @Test(arguments: ["nobody", "../../etc/passwd", "@sometimes", "NO WAY"])
    func anUnknownName_exits5(_ name: String) async throws {
        try await Desk.use { desk in
            for command in ["show", "cancel", "retry", "rm", "logs", "wait"] {
                let answer = try await desk.run(command, name)
                #expect(answer.status == 5, "\(command) \(name)")
                #expect(answer.output.isEmpty)
                #expect(answer.errors.hasPrefix("kinospool: There is no job \(name)."))
            }
        }
    }
}
