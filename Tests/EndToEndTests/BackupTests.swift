import Foundation
import JobCore
import TestSupport
import Testing

/// Copies of a spool, and what comes back of them.
@Suite struct BackupTests {
    private func made(_ desk: Desk) async throws {
        for number in 0..<6 { try await desk.submit("job-\(number)", #"{"output_bytes":1000}"#) }
        try await desk.submit("late", #"{"output_bytes":1000}"#)
        #expect(try await desk.run("cancel", "late").status == 0)
        #expect(try await desk.run("serve", "--once").status == 0)
        try await desk.submit("waiting", #"{"output_bytes":1000}"#)
    }

    @Test func backup_isIncremental_verified_andRestoresIntoANewSpool() async throws {
        try await Desk.use { desk in
            try await made(desk)
            let first = try Desk.object(try await desk.run("backup", "copy", "--verify", "--json").output)
            #expect((first["files"]?.integer ?? 0) > 20 && first["differing"] == [])
            let again = try Desk.object(try await desk.run("backup", "copy", "--json").output)
            #expect((again["files"]?.integer ?? 99) < 5, "only what changed: \(again)")
            #expect(!desk.exists("copy/index") && !desk.exists("copy/tmp"))
            let answer = try await desk.run("restore", "copy", "-C", "new")
            #expect(answer.status == 0, "\(answer.errors)")
            #expect(answer.output == "8 jobs restored, 0 kept as they are\n")
            #expect(answer.errors == "What costs money waits: kinospool resume\n")
            #expect(!desk.exists("new/restore"))
            #expect(try await desk.run("doctor", "-C", "new", "--deep").status == 0)
            for id in (0..<6).map({ "job-\($0)" }) + ["late", "waiting"] {
                let before = try Desk.object(try await desk.run("show", id, "--json").output)
                let after = try Desk.object(try await desk.run("show", id, "--json", "-C", "new").output)
                for key in ["status", "created_at", "finished_at", "artifacts", "params", "attempt"] {
                    #expect(before[key] == after[key], "\(id) \(key)")
                }
            }
        }
    }

    @Test func restore_intoASpoolWithJobs_bringsBackWhatIsMissing_andLeavesTheRest() async throws {
        try await Desk.use { desk in
            try await made(desk)
            #expect(try await desk.run("backup", "copy").status == 0)
            #expect(try await desk.run("rm", "job-1").status == 0)
            #expect(try await desk.run("retry", "job-2", "--set", "output_bytes=7").status == 0)
            #expect(try await desk.run("restore", "copy").output == "1 job restored, 7 kept as they are\n")
            #expect(desk.exists("spool/done/job-1.json"))
            #expect(desk.exists("spool/queued/job-2.json"), "what is newer stays")
            #expect(try await desk.run("restore", "copy").output == "0 jobs restored, 8 kept as they are\n")
            #expect(try await desk.run("doctor").status == 0)
        }
    }

    @Test func restore_killedAnywhere_isFinishedByTheNextRun() async throws {
        try await Desk.use { desk in
            try await made(desk)
            #expect(try await desk.run("backup", "copy").status == 0)
            for call in ["renameat2", "openat", "mkdirat", "linkat"] {
                for number in [1, 3, 9, 27] {
                    try await desk.shell("rm -rf new")
                    let killed = try desk.start(
                        ["restore", "copy", "-C", "new"],
                        launcher: [
                            "strace", "-f", "-o", "/dev/null", "-e", "inject=\(call):signal=KILL:when=\(number)",
                        ])
                    _ = try await killed.answer()
                    let place: Comment = "\(call) \(number)"
                    #expect(try await desk.run("restore", "copy", "-C", "new").status == 0, place)
                    let listed = try await desk.run("ls", "-C", "new", "--json").output
                    #expect(listed.split(separator: "\n").count == 8, place)
                    #expect(try await desk.run("doctor", "-C", "new").status == 0, place)
                }
            }
        }
    }

    @Test func restore_ofEndedJobsAlone_pausesOnlyForObjectsInDoubt() async throws {
        try await Desk.use { desk in
            try await made(desk)
            #expect(try await desk.run("rm", "waiting").status == 0)
            #expect(try await desk.run("backup", "copy").status == 0)
            #expect(try await desk.run("restore", "copy", "-C", "calm").errors.isEmpty)
            #expect(!desk.exists("calm/\(SpoolLayout.pausedPaid)"))
            // The original may publish what this names, and be done with it since.
            let entry = StorageEntry(StorageFolder(newFor: try #require(JobID("job-1")), attempt: 1), at: nil)
            try desk.write("copy/\(SpoolLayout.storageEntry(entry))", "{}")
            #expect(
                try await desk.run("restore", "copy", "-C", "new").errors
                    == "What costs money waits: kinospool resume\n")
            #expect(desk.exists("new/\(SpoolLayout.pausedPaid)"))
            #expect(desk.exists("new/\(SpoolLayout.storageEntry(entry))"))
        }
    }

    @Test func dailyScript_sharesFilmsBetweenDays_andKeepsAsManyAsWanted() async throws {
        try await Desk.use { desk in
            try await made(desk)
            let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "Scripts/backup").path
            let scratch = SpoolLayout.scratch(try #require(JobID("job-1")), attempt: 1)
            let clocks = try (0..<3).map { try WallClock(shift: $0 * 86_400) }
            for (day, clock) in clocks.enumerated() {
                let setting = clock.environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
                try await desk.shell("KINOSPOOL='\(Program.path)' \(setting) '\(script)' days 2 >log")
                if day == 0 { #expect(try await desk.run("retry", "job-2").status == 0) }
            }
            let kept = try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/days").sorted()
            #expect(kept.count == 2)
            let inodes = try await desk.shell("stat -c %i days/*/\(scratch)/* | sort -u | wc -l")
            #expect(inodes == "1\n", "the film lies there once")
            for day in kept { #expect(desk.exists("days/\(day)/queued/job-2.json")) }
            #expect(try await desk.run("restore", "days/\(kept[0])", "-C", "new").status == 0)
            withExtendedLifetime(clocks) {}
        }
    }

    @Test func restore_ofACopyWithLinks_followsNone() async throws {
        try await Desk.use { desk in
            try await made(desk)
            #expect(try await desk.run("backup", "copy").status == 0)
            let job = try #require(JobID("job-1"))
            let scratch = SpoolLayout.scratch(job, attempt: 1)
            try desk.write("elsewhere/secret.txt", "mine")
            try await desk.shell("rm -r 'copy/\(scratch)' && ln -s '\(desk.folder)/elsewhere' 'copy/\(scratch)'")
            try await desk.shell("ln -s '\(desk.folder)/elsewhere/secret.txt' copy/queued/linked.json")
            let answer = try await desk.run("restore", "copy", "-C", "new")
            #expect(answer.status == 7 && answer.errors.contains("damaged: \(scratch)/"), "\(answer.errors)")
            #expect(try await desk.shell("find new -type l ! -path 'new/films/*'").isEmpty)
            #expect(desk.exists("elsewhere/secret.txt"))
            #expect(try await desk.run("show", "linked", "-C", "new").status == 5)
        }
    }

    @Test func orphans_findACopyWhoseRestoreWasCutShort() async throws {
        try await Desk.use { desk in
            try desk.write("spool/restore/meta/format.json", "{}")
            #expect(try await desk.run("orphans").status == 0, "it may be under way")
            let later = try WallClock(shift: 7200)
            let found = try await desk.run("orphans", environment: later.environment)
            #expect(found.status == 7 && found.output.contains("\n  restore: a copy whose restore was cut short"))
            #expect(try await desk.run("orphans", "--execute", environment: later.environment).status == 0)
            #expect(!desk.exists("spool/restore"))
            withExtendedLifetime(later) {}
        }
    }

    @Test func restore_ofWhatIsNoSpool_saysSo() async throws {
        try await Desk.use { desk in
            try desk.write("folder/text.txt", "no spool")
            let answer = try await desk.run("restore", "folder", "-C", "new")
            #expect(answer.status == 78 && answer.errors.contains("is no spool"))
            #expect(try await desk.run("restore", "nowhere", "-C", "new").status == 1)
        }
    }
}
