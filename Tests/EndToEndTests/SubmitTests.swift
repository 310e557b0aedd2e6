import JobCore
import Testing

@Suite struct SubmitTests {
    @Test func submit_severalFiles_printsIdsAloneAndCountsOnStderr() async throws {
        try await Desk.use { desk in
            try desk.write("shots/01.json", #"{"type":"NOOP"}"#)
            try desk.write("shots/02.json", #"{"type":"RENDER","params":{"prompt":"boats"}}"#)
            let answer = try await desk.run("submit", "shots/01.json", "shots/02.json")
            #expect(answer.status == 0)
            #expect(answer.output == "01\n02\n")
            #expect(answer.errors == "2 queued\n")
        }
    }

    @Test func submit_oneBadFile_exits4AndSaysWhatAndWhere() async throws {
        try await Desk.use { desk in
            try desk.write("shots/01.json", #"{"type":"NOOP"}"#)
            try desk.write("shots/07.json", #"{"type":"RENDER","params":{"prompt":"x","duration":-1}}"#)
            let answer = try await desk.run("submit", "shots")
            #expect(answer.status == 4)
            #expect(answer.output == "01\n")
            #expect(answer.errors.hasPrefix("1 queued, 1 refused: shots/07.json: /params/duration must be 0.1 to 3600"))
            #expect(!desk.exists("spool/queued/07.json"))
        }
    }

    @Test func submit_moreJobsThanOneGroup_keepsTheirOrder() async throws {
        try await Desk.use { desk in
            let names = (100..<170).map { "shot\($0)" }
            for name in names { try desk.write("jobs/\(name).json", #"{"type":"NOOP"}"#) }
            let answer = try await desk.start(["submit"] + names.map { "jobs/\($0).json" }).answer()
            #expect(answer.lines == names)
            #expect(answer.errors == "70 queued\n")
        }
    }

    @Test func submit_onlyBadFiles_exits1() async throws {
        try await Desk.use { desk in
            try desk.write("a.json", "{")
            let answer = try await desk.run("submit", "a.json", "missing.json")
            #expect(answer.status == 1)
            #expect(answer.output.isEmpty)
            #expect(answer.errors.hasPrefix("0 queued, 2 refused:\n  a.json: not JSON at line 1"))
            #expect(answer.errors.contains("missing.json: there is no such file"))
        }
    }

    @Test func submit_aTakenStem_givesAnIdThatBeginsWithIt() async throws {
        try await Desk.use { desk in
            try await desk.submit("shot")
            let answer = try await desk.run("submit", "jobs/shot.json")
            #expect(answer.status == 0)
            #expect(answer.output.hasPrefix("shot-"))
        }
    }

    @Test func submit_aJobID_isTakenExactlyAndTwiceIsOnce() async throws {
        try await Desk.use { desk in
            try desk.write("a.json", #"{"type":"NOOP","job_id":"mine"}"#)
            try desk.write("b.json", #"{"type":"NOOP","job_id":"mine","params":{"seconds":1}}"#)
            #expect(try await desk.run("submit", "a.json").output == "mine\n")
            #expect(try await desk.run("submit", "a.json").output == "mine\n")
            let other = try await desk.run("submit", "b.json")
            #expect(other.status == 1)
            #expect(other.errors.contains("belongs to another job"))
        }
    }

    @Test func submit_linesOnStdin_queuesEachAndNumbersTheBadOne() async throws {
        try await Desk.use { desk in
            let lines = #"{"type":"NOOP"}"# + "\n\n" + #"{"type":"NOPE"}"# + "\n" + #"{"type":"NOOP"}"# + "\n"
            let answer = try await desk.run("submit", "-", input: lines)
            #expect(answer.status == 4)
            #expect(answer.lines.count == 2)
            #expect(answer.errors.contains("line 3 of stdin: /type must be one of"))
        }
    }

    @Test func submit_oneObjectOverSeveralLinesOnStdin_isOneJob() async throws {
        try await Desk.use { desk in
            let answer = try await desk.run("submit", "-", input: "{\n  \"type\":\n \"NOOP\"\n}\n")
            #expect(answer.status == 0)
            #expect(answer.lines.count == 1)
        }
    }

    @Test func submit_aPictureBesideTheFile_isTakenAlongUnderALegalName() async throws {
        try await Desk.use { desk in
            try desk.write("shots/My Cat!.PNG", "picture")
            try desk.write(
                "shots/cat.json", #"{"type":"IMG2VID","params":{"image":"My Cat!.PNG","end_image":"My Cat!.PNG"}}"#)
            #expect(try await desk.run("submit", "shots/cat.json").output == "cat\n")
            let shown = try Desk.object(try await desk.run("show", "cat", "--json").output)
            #expect(shown["params"] == ["image": "my-cat.png", "end_image": "my-cat.png"])
            let job = try #require(JobID("cat"))
            #expect(desk.read("\(desk.folder)/spool/\(SpoolLayout.inputs(job))/my-cat.png") == "picture")
        }
    }

    @Test func submit_aPictureThatIsNotThere_isRefused() async throws {
        try await Desk.use { desk in
            try desk.write("cat.json", #"{"type":"IMG2VID","params":{"image":"cat.png"}}"#)
            let answer = try await desk.run("submit", "cat.json")
            #expect(answer.status == 1)
            #expect(answer.errors.contains(#"/params/image names the file "cat.png", which is not there"#))
            #expect(try await desk.run("ls").output.isEmpty)
        }
    }

    @Test func submit_aPictureByURL_staysAURL() async throws {
        try await Desk.use { desk in
            try await desk.submit("far", #"{"image":"https://example.org/cat.png"}"#, type: "IMG2VID")
            let shown = try Desk.object(try await desk.run("show", "far", "--json").output)
            #expect(shown["params"]?.object?["image"] == "https://example.org/cat.png")
        }
    }

    @Test func submit_afterAndPriority_areWrittenIntoTheJob() async throws {
        try await Desk.use { desk in
            try await desk.submit("first")
            try desk.write("second.json", #"{"type":"NOOP"}"#)
            #expect(try await desk.run("submit", "second.json", "--after", "fir", "--priority", "7").status == 0)
            let job = try Desk.object(try #require(desk.read("\(desk.folder)/spool/queued/second.json")))
            #expect(job["needs"] == ["first"])
            #expect(job["priority"] == 7)
            #expect(try await desk.run("submit", "second.json", "--after", "nobody").status == 5)
        }
    }

    @Test func submit_json_printsObjectsAndProblems() async throws {
        try await Desk.use { desk in
            try desk.write("a.json", #"{"type":"NOOP"}"#)
            let answer = try await desk.run("submit", "a.json", "b.json", "--json")
            #expect(answer.status == 4)
            #expect(try Desk.object(answer.output) == ["v": 1, "job_id": "a", "status": "QUEUED"])
            let problem = try #require(try Desk.object(answer.errors)["error"]?.object)
            #expect(problem["code"] == "invalid_job")
            #expect(problem["message"] == "b.json: there is no such file")
            #expect(problem["retryable"] == false)
        }
    }

    @Test func submit_withoutASpool_makesOne() async throws {
        try await Desk.use(isEmpty: true) { desk in
            try desk.write("a.json", #"{"type":"NOOP"}"#)
            #expect(try await desk.run("submit", "a.json", "-C", "deep/er").output == "a\n")
            #expect(desk.exists("deep/er/queued/a.json"))
        }
    }

    @Test func render_noWait_queuesTakesWithSeedsThatCountUp() async throws {
        try await Desk.use { desk in
            let answer = try await desk.run(
                "render", "a lighthouse", "-n", "2", "--seed", "41", "--resolution", "720p", "--no-wait")
            #expect(answer.status == 0)
            let ids = answer.lines
            try #require(ids.count == 2)
            var seeds: [JSONValue?] = []
            for id in ids {
                let job = try Desk.object(try await desk.run("show", id, "--json").output)
                #expect(job["type"] == "RENDER")
                seeds.append(job["params"]?.object?["seed"])
            }
            #expect(seeds == [41, 42])
        }
    }

    @Test func render_overAnExistingFile_isRefusedBeforeAnyWork() async throws {
        try await Desk.use { desk in
            try desk.write("film.mp4", "mine")
            let answer = try await desk.run("render", "a lighthouse", "-o", "film.mp4")
            #expect(answer.status == 1)
            #expect(answer.errors.contains("film.mp4 is there already"))
            #expect(try await desk.run("ls").output.isEmpty)
        }
    }
}
