import JobCore
import Testing

@Suite struct UpkeepTests {
    @Test func edit_changesAWaitingJobAndTheMarksOfAnEndedOne() async throws {
        try await Desk.use { desk in
            try await desk.submit("one", #"{"prompt":"boats","seed":1}"#, type: "RENDER")
            let answer = try await desk.run("edit", "one", "--set", "seed=7", "--priority", "5", "--tag", "reel")
            #expect(answer.output == "one changed\n")
            var job = try Desk.object(try await desk.run("show", "one", "--json").output)
            #expect(job["params"] == ["prompt": "boats", "seed": 7] && job["priority"] == 5 && job["tags"] == ["reel"])
            try desk.move("one", from: .queued, to: .failed)
            let refused = try await desk.run("edit", "one", "--priority", "1")
            #expect(refused.status == 1 && refused.errors.contains("cannot be changed so"))
            #expect(
                try await desk.run("edit", "one", "--star", "--untag", "reel", "--note", "again").output
                    == "one changed\n")
            job = try Desk.object(try await desk.run("show", "one", "--json").output)
            #expect(job["starred"] == true && job["tags"] == [] && job["note"] == "again")
            #expect(try await desk.run("edit", "one").status == 64)
            #expect(try await desk.run("edit", "nobody", "--star").status == 5)
        }
    }

    @Test func cleanup_showsAPlanFirst_andKeepsWhatIsStarred() async throws {
        try await Desk.use { desk in
            for id in ["one", "two", "three"] { try await desk.submit(id) }
            for id in ["one", "two"] { try desk.move(id, from: .queued, to: .failed) }
            #expect(try await desk.run("edit", "two", "--star").status == 0)
            try await desk.shell("sleep 0.01")
            let plan = try await desk.run("cleanup", "--days", "0")
            #expect(plan.status == 0)
            #expect(plan.output.hasPrefix("1 job ended before "))
            #expect(plan.output.contains("1 job kept: starred, or tagged keep\n"))
            #expect(plan.errors == "Nothing deleted. To do it: kinospool cleanup --days 0 --execute\n")
            #expect(desk.exists("spool/failed/one.json"))
            let object = try Desk.object(try await desk.run("cleanup", "--days", "0", "--execute", "--json").output)
            #expect(object["executed"] == true && object["deleted_jobs"] == 1 && object["job_ids"] == ["one"])
            #expect(!desk.exists("spool/failed/one.json") && desk.exists("spool/failed/two.json"))
            #expect(desk.exists("spool/queued/three.json"))
            #expect(try await desk.run("cleanup", "--days", "-1").status == 64)
            #expect(try await desk.run("cleanup", "--days", "1", "--orphaned").status == 64)
        }
    }

    @Test func orphans_tellsLeftoversWithExit7_andTakesThemAwayOnWish() async throws {
        try await Desk.use { desk in
            #expect(try await desk.run("orphans").status == 0)
            try desk.write("spool/tmp/one.abc", "half")
            #expect(try await desk.run("orphans").status == 0, "somebody may be writing it")
            let later = try WallClock(shift: 7200)
            let found = try await desk.run("orphans", environment: later.environment)
            #expect(found.status == 7)
            #expect(found.output == "1 leftover: 1 file, 4 B\n  tmp/one.abc: a half-made file\n")
            #expect(try await desk.run("cleanup", "--orphaned", environment: later.environment).status == 7)
            let done = try await desk.run("orphans", "--execute", environment: later.environment)
            #expect(done.status == 0 && done.output == "deleted 0 jobs with 0 artifacts, 1 leftover\n")
            #expect(!desk.exists("spool/tmp/one.abc"))
            withExtendedLifetime(later) {}
        }
    }
}
