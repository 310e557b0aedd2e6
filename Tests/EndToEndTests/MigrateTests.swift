import Foundation
import JobCore
import TestSupport
import Testing

/// The predecessor's databases, as Python writes them, brought into a spool by the program.
@Suite("Migrating")
struct MigrateTests {
    private func database(_ variant: String, _ count: Int, on desk: Desk) async throws -> String {
        let path = "\(desk.folder)/jobs.db"
        try desk.write("films/.keep", "")
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Peers/predecessor_database.py").path
        try await desk.shell("python3 '\(script)' jobs.db \(variant) \(count) \(desk.folder)/films")
        try #require(FileManager.default.fileExists(atPath: path))
        return path
    }

    /// Digest of each file beside the database whose name begins with its own.
    private func fingerprint(_ desk: Desk) throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: desk.folder)
        return Dictionary(
            uniqueKeysWithValues: try names.filter { $0.hasPrefix("jobs.db") }.map { name in
                let bytes = try Data(contentsOf: URL(filePath: "\(desk.folder)/\(name)"))
                return (name, SHA256.hex(of: bytes))
            })
    }

    private func listed(_ desk: Desk, _ state: String) async throws -> Int {
        let answer = try await desk.run("ls", "--state", state, "--limit", "100000", "--json")
        return answer.output.split(separator: "\n").count
    }

    @Test(arguments: ["current", "renamed", "old", "current+wal", "old+wal"])
    func migrate_ofEveryVariant_bringsAllOnceAndNeverTouchesTheSource(variant: String) async throws {
        try await Desk.use { desk in
            let path = try await database(variant, 100, on: desk)
            let before = try fingerprint(desk)
            #expect(before.keys.contains("jobs.db-wal") == variant.hasSuffix("wal"))
            let plan = try await desk.run("migrate", path)
            #expect(plan.status == 0)
            #expect(plan.output.hasPrefix("would bring 100 jobs\n"))
            #expect(try await desk.run("ls").output.isEmpty, "a plan changes nothing")
            let run = try Desk.object(try await desk.run("migrate", path, "--execute", "--json").output)
            #expect(run["jobs"] == 100 && run["failed"] == 0)
            // Without a RunPod key those that ran are failed, with the reason.
            #expect(run["by_state"] == ["queued": 20, "running": 0, "done": 20, "failed": 40, "canceled": 20])
            #expect(run["files"] == 13 && run["urls"] == 7 && run["missing_files"] == 7)
            let again = try await desk.run("migrate", path, "--execute")
            #expect(again.output == "nothing to do: 100 jobs in the spool already\n")
            #expect(try fingerprint(desk) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/spool/tmp").isEmpty)
            let film = try Desk.object(
                try await desk.run("show", "0000000c-1111-4222-8333-444444444444", "--json").output)
            #expect(film["status"] == "SUCCEEDED")
            #expect(film["artifacts"]?.array?.count == 1)
            let failed = try Desk.object(
                try await desk.run("show", "00000003-1111-4222-8333-444444444444", "--json").output)
            #expect(failed["error"]?.object?["message"] == "ffmpeg said no")
            #expect(failed["created_at"] == "2025-03-01T12:03:00.000Z")
        }
    }

    @Test func migrate_ofTenThousandJobs_agreesWithLsAndASecondRunHasNothingToDo() async throws {
        try await Desk.use { desk in
            let path = try await database("current", 10_000, on: desk)
            let before = try fingerprint(desk)
            let run = try await desk.run("migrate", path, "--execute", "--json")
            #expect(try Desk.object(run.output)["jobs"] == 10_000)
            let wanted = ["queued": 2000, "running": 0, "done": 2000, "failed": 4000, "canceled": 2000]
            for (state, count) in wanted {
                #expect(try await listed(desk, state) == count)
            }
            #expect(
                try await desk.run("migrate", path, "--execute").output
                    == "nothing to do: 10000 jobs in the spool already\n")
            #expect(try fingerprint(desk) == before)
        }
    }

    @Test func migrate_ofWhatIsNoDatabase_saysSo() async throws {
        try await Desk.use { desk in
            try desk.write("text.db", "this is no database, but a text that is long enough to be looked at as one")
            let answer = try await desk.run("migrate", "text.db")
            #expect(answer.status == 78)
            #expect(answer.errors.contains("cannot be read as a jobs database"))
            #expect(try await desk.run("migrate", "nothing.db").status == 78)
        }
    }

    @Test func migrate_killedInTheMiddle_isFinishedByTheNextRun() async throws {
        try await Desk.use { desk in
            let path = try await database("current", 2000, on: desk)
            let run = try desk.start(["migrate", path, "--execute"])
            try await desk.until(run) { [folder = desk.folder] in
                try FileManager.default.contentsOfDirectory(atPath: "\(folder)/spool/queued").count > 50
            }
            run.signal(SIGKILL)
            _ = try await run.answer()
            let rest = try Desk.object(try await desk.run("migrate", path, "--execute", "--json").output)
            #expect(rest["failed"] == 0)
            #expect((rest["jobs"]?.integer ?? 0) + (rest["present"]?.integer ?? 0) == 2000)
            var count = 0
            for state in ["queued", "done", "failed", "canceled"] { count += try await listed(desk, state) }
            #expect(count == 2000)
            #expect(try await desk.run("orphans").output == "0 leftovers: 0 files, 0 B\n")
        }
    }
}
