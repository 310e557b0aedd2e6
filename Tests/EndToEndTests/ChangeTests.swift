import JobCore
import Testing

@Suite struct ChangeTests {
    @Test func cancel_twice_givesTheSameAnswer() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            for _ in 0..<2 {
                let answer = try await desk.run("cancel", "one")
                #expect(answer.status == 0)
                #expect(answer.output == "one canceled\n")
                #expect(answer.errors.isEmpty)
            }
            let object = try Desk.object(try await desk.run("cancel", "one", "--json").output)
            #expect(object == ["v": 1, "job_id": "one", "status": "CANCELED", "message": "The job is canceled."])
            #expect(desk.exists("spool/canceled/one.json"))
        }
    }

    @Test func cancel_anEndedJob_leavesItAndExits1() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            try desk.move("one", from: .queued, to: .done)
            let answer = try await desk.run("cancel", "one")
            #expect(answer.status == 1)
            #expect(answer.errors.hasPrefix("kinospool: Job one is done already; it was left as it is."))
            #expect(desk.exists("spool/done/one.json"))
        }
    }

    @Test func cancel_someUnknown_doesTheOthersAndExits4() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            let answer = try await desk.run("cancel", "nobody", "one")
            #expect(answer.status == 4)
            #expect(answer.output == "one canceled\n")
        }
    }

    @Test func retry_withChanges_queuesTheChangedJob() async throws {
        try await Desk.use { desk in
            try await desk.submit("one", #"{"prompt":"boats","seed":1,"steps":20}"#, type: "RENDER")
            #expect(try await desk.run("retry", "one").status == 1)
            try desk.move("one", from: .queued, to: .failed)
            let answer = try await desk.run(
                "retry", "one", "--set", "seed=7", "--set", "resolution=720p", "--set", "steps=null", "--set",
                "prompt=a = b")
            #expect(answer.output == "one queued\n")
            let job = try Desk.object(try await desk.run("show", "one", "--json").output)
            #expect(job["params"] == ["prompt": "a = b", "seed": 7, "resolution": "720p"])
        }
    }

    @Test func retry_withImpossibleChanges_leavesTheJobWhereItIs() async throws {
        try await Desk.use { desk in
            try await desk.submit("one", #"{"prompt":"boats"}"#, type: "RENDER")
            try desk.move("one", from: .queued, to: .failed)
            let answer = try await desk.run("retry", "one", "--set", "duration=-5")
            #expect(answer.status == 1)
            #expect(answer.errors.contains("/params/duration must be"))
            #expect(desk.exists("spool/failed/one.json"))
            #expect(try await desk.run("retry", "one", "--set", "duration").status == 64)
        }
    }

    @Test func rm_deletesTheJobAndItsRecord() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            try await desk.submit("two")
            #expect(try await desk.run("rm", "one").output == "one deleted\n")
            #expect(try await desk.run("rm", "one").status == 5)
            let object = try Desk.object(try await desk.run("rm", "two", "--json").output)
            #expect(object == ["v": 1, "job_id": "two", "deleted": true, "artifacts_cleaned": 0])
            let job = try #require(JobID("one"))
            #expect(!desk.exists("spool/\(SpoolLayout.record(job))"))
            #expect(try await desk.run("ls").output.isEmpty)
        }
    }

    @Test func rm_aRunningJob_needsForce() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            try desk.move("one", from: .queued, to: .running)
            let answer = try await desk.run("rm", "one")
            #expect(answer.status == 1)
            #expect(answer.errors.contains("Job one is running."))
            #expect(answer.errors.contains("kinospool rm --force one"))
            #expect(desk.exists("spool/running/one.json"))
            #expect(try await desk.run("rm", "--force", "one").output == "one deleted\n")
        }
    }

    @Test func pauseAndResume_makeAndRemoveTheFile() async throws {
        try await Desk.use { desk in
            let paused = try await desk.run("pause")
            #expect(paused.output == "paused\n")
            #expect(desk.exists("spool/meta/paused"))
            #expect(try Desk.object(try await desk.run("pause", "--json").output) == ["v": 1, "paused": true])
            #expect(try await desk.run("resume").output == "resumed\n")
            #expect(!desk.exists("spool/meta/paused"))
            #expect(try Desk.object(try await desk.run("resume", "--json").output) == ["v": 1, "paused": false])
        }
    }

    @Test func logs_ofAJobWithoutOne_isEmptyAndSaysSo() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            let answer = try await desk.run("logs", "one")
            #expect(answer.status == 0)
            #expect(answer.output.isEmpty)
            #expect(answer.errors == "Job one has no log yet.\n")
        }
    }

    @Test func logs_printsLinesAndObjects() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            let job = try #require(JobID("one"))
            try desk.write("spool/\(SpoolLayout.log(job))", "2026-11-23T14:03:55.123Z started\n")
            #expect(try await desk.run("logs", "one").output == "2026-11-23T14:03:55.123Z started\n")
            let object = try Desk.object(try await desk.run("logs", "one", "--json").output)
            #expect(object == ["v": 1, "job_id": "one", "at": "2026-11-23T14:03:55.123Z", "message": "started"])
        }
    }
}
