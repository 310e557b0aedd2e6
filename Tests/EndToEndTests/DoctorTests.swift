import Foundation
import JobCore
import TestSupport
import Testing

/// What the doctor says of a spool, and mends.
@Suite struct DoctorTests {
    private func findings(_ desk: Desk, _ arguments: String...) async throws -> (status: Int32, [[String: JSONValue]]) {
        let answer = try await desk.start(["doctor", "--json"] + arguments).answer()
        return (answer.status, try answer.output.split(separator: "\n").map { try Desk.object(String($0)) })
    }

    private func level(_ check: String, in findings: [[String: JSONValue]]) -> [String] {
        findings.filter { $0["check"] == .string(check) }.compactMap { $0["level"]?.string }
    }

    @Test func doctor_onAWholeSpool_findsNoProblem() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            #expect(try await desk.run("serve", "--once").status == 0)
            let (status, findings) = try await findings(desk)
            #expect(status == 0)
            for check in ["spool", "jobs", "artifacts", "endings", "leftovers", "index", "secrets", "permissions"] {
                #expect(level(check, in: findings) == ["ok"], "\(check)")
            }
            #expect(level("ffmpeg", in: findings) != ["problem"])
            for finding in findings where finding["level"] != "ok" {
                #expect(finding["fix"]?.string?.isEmpty == false, "\(finding)")
            }
            let text = try await desk.run("doctor")
            #expect(text.output.contains("ok    jobs         1 looked at, each whole and in one folder\n"))
        }
    }

    @Test func doctor_onHalfWayJobs_exits7_andRepairMendsThem() async throws {
        try await Desk.use { desk in
            for id in ["one", "two", "three"] { try await desk.submit(id) }
            // The same job twice, and a wish to cancel that nobody carried out.
            try desk.copy("spool/queued/one.json", to: "spool/failed/one.json")
            let two = try #require(JobID("two"))
            try desk.write("spool/\(SpoolLayout.cancelWish(two))", #"{"rev": 99}"#)
            let (status, found) = try await findings(desk)
            #expect(status == 7)
            let problems = found.filter { $0["level"] == "problem" }
            #expect(Set(problems.compactMap { $0["job_id"]?.string }) == ["one", "two"])
            #expect(problems.allSatisfy { $0["repairable"] == true })
            #expect(desk.exists("spool/failed/one.json"), "looking changes nothing")
            #expect(try await desk.run("doctor", "--repair").status == 0)
            let (after, again) = try await findings(desk)
            #expect(after == 0 && level("jobs", in: again) == ["ok"])
            #expect(desk.exists("spool/canceled/two.json"))
        }
    }

    @Test func doctor_onARecordWithoutItsFile_deletesItOnWishAlone() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            try FileManager.default.removeItem(atPath: "\(desk.folder)/spool/queued/one.json")
            let later = try WallClock(shift: 7200)
            let job = try #require(JobID("one"))
            for arguments in [["doctor"], ["doctor", "--repair"]] {
                let answer = try await desk.start(arguments, environment: later.environment).answer()
                #expect(answer.output.contains("Fix: kinospool doctor --repair --delete-lost"))
                #expect(desk.exists("spool/\(SpoolLayout.record(job))"))
            }
            #expect(try await desk.run("doctor", "--delete-lost").status == 64)
            let answer = try await desk.run("doctor", "--repair", "--delete-lost", environment: later.environment)
            #expect(answer.output.contains("ok    leftovers    none\n"))
            #expect(!desk.exists("spool/\(SpoolLayout.record(job))"))
            withExtendedLifetime(later) {}
        }
    }

    @Test func doctor_onASpoolThatOthersMayEnter_saysHowToCloseIt() async throws {
        try await Desk.use { desk in
            for mode in ["o+rx spool", "o+w spool/queued"] {
                try await desk.shell("chmod \(mode)")
                let (status, found) = try await findings(desk)
                #expect(status == 0 && level("permissions", in: found) == ["warning"], "\(mode)")
                try await desk.shell("chmod -R o-rwx spool")
                #expect(level("permissions", in: try await findings(desk).1) == ["ok"])
            }
        }
    }

    @Test func doctor_deep_findsAFilmThatChanged() async throws {
        try await Desk.use { desk in
            try await desk.submit("one", #"{"output_bytes":1000}"#)
            #expect(try await desk.run("serve", "--once").status == 0)
            let job = try #require(JobID("one"))
            let folder = "spool/\(SpoolLayout.scratch(job, attempt: 1))"
            let name = try #require(
                try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/\(folder)").first)
            try desk.write("\(folder)/\(name)", String(repeating: "x", count: 1000))
            #expect(try await findings(desk).status == 0, "its size is right")
            let (status, found) = try await findings(desk, "--deep")
            #expect(status == 7 && level("artifacts", in: found) == ["problem"])
            try FileManager.default.removeItem(atPath: "\(desk.folder)/\(folder)/\(name)")
            #expect(try await findings(desk).status == 7)
        }
    }

    @Test func doctor_onASecret_namesTheFileAndNotTheSecret() async throws {
        try await Desk.use { desk in
            try await desk.submit("one", #"{"prompt":"rpa_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcd"}"#, type: "RENDER")
            let answer = try await desk.run("doctor")
            #expect(answer.status == 7)
            #expect(answer.output.contains("queued/one.json"))
            #expect(!answer.output.contains("rpa_ABC"))
        }
    }

    @Test func doctor_onAnIndexThatLies_saysSo_andRepairBuildsItAnew() async throws {
        try await Desk.use { desk in
            try await desk.submit("one")
            #expect(try await desk.run("cancel", "one").status == 0)
            #expect(try await desk.run("ls").status == 0)
            let database = "\(desk.folder)/spool/index/jobs.sqlite"
            try await desk.shell(
                "sqlite3 '\(database)' 'UPDATE jobs SET priority=7'"
            )
            let (status, found) = try await findings(desk)
            #expect(status == 7 && level("index", in: found) == ["problem"])
            #expect(try await desk.run("doctor", "--repair").status == 0)
            #expect(try await findings(desk).status == 0)
        }
    }
}
