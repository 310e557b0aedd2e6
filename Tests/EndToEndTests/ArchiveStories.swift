import Foundation
import JobCore
import Spool
import Testing

extension DaemonStories {
    /// A spool in which more jobs have ended than its folders shall hold.
    @Suite struct ArchiveStories {
        /// The first that ended, and the last.
        private static let (first, last) = ("take-00000", "take-10049")

        /// Finished jobs as a daemon leaves them, without running them; each a second younger than the one before. Only
        /// the oldest hundred, which go, have their records.
        private static func fill(_ desk: Desk, _ count: Int, daysAgo: Int64 = 0) throws {
            let spool = try SpoolFolder.open("\(desk.folder)/spool", durability: .fast, isCreating: false)
            for byte in 0..<256 {
                let digits = String(byte, radix: 16)
                let folder = "\(SpoolLayout.work)/\(digits.count < 2 ? "0" : "")\(digits)"
                if try spool.files.status(folder) == nil { try spool.files.makeFolder(folder) }
            }
            let now = Timestamp.now().advanced(byMilliseconds: -daysAgo * 86_400_000)
            for number in 0..<count {
                let id = try #require(JobID("take-\(String(number + 100_000).dropFirst())"))
                let time = now.advanced(byMilliseconds: Int64(number - count) * 1000)
                var job = JobDocument(["type": "NOOP", "job_id": .string(id.text)])
                (job.createdAt, job.rev) = (time, 1)
                let token = SpoolLayout.token(id, in: .done)
                if number < 100 {
                    try spool.files.makeFolder(SpoolLayout.record(id))
                    try spool.files.create(SpoolLayout.birth(id), job.bytes)
                }
                (job.rev, job.attempt, job.startedAt, job.finishedAt, job.outcome) = (3, 1, time, time, .done)
                try spool.files.create(token, job.bytes)
                try spool.files.setModified(token, time)
                if number < 100 { try spool.files.link(token, SpoolLayout.final(id)) }
            }
        }

        @Test func tenThousandAndFiftyDoneJobs_leaveTenThousand_andTheRestIsAtHand() async throws {
            try await Desk.use { desk in
                try Self.fill(desk, 10_050)
                let daemon = try await desk.serve()
                try await desk.until { desk.count(.done) == 10_000 }
                let spool = try SpoolFolder.open("\(desk.folder)/spool", durability: .fast, isCreating: false)
                #expect(try spool.allIDs(in: .done).count == 10_050)
                let id = try #require(JobID(Self.first))
                let place = try #require(try spool.place(of: id))
                #expect(place.day != nil)
                let last = try #require(JobID(Self.last))
                #expect(try spool.place(of: last) == .done)

                // What lies in a day folder is shown, listed, waited for and needed like all others.
                let shown = try Desk.object(try await desk.run("show", Self.first, "--json").output)
                #expect(shown["state"] == "done" && shown["job_id"] == .string(Self.first))
                #expect(try await desk.run("wait", Self.first, "--timeout", "1s").status == 0)
                #expect(try await desk.run("show", "take-0000", "--json").status == 64, "a beginning that fits several")
                #expect(try await desk.run("cancel", Self.first).status == 1)
                try desk.write("spool/queued/after.json", #"{"type":"NOOP","needs":["\#(Self.first)"]}"#)
                try await desk.until { desk.state("after") == .done }
                try desk.write("spool/queued/\(Self.first).json", #"{"type":"NOOP","note":"another"}"#)
                try await desk.until { try spool.allIDs(in: .done).count == 10_052 }
                #expect(try spool.place(of: id) == place)

                // A retry takes it out, and so does a person's `mv`; `rm` deletes.
                #expect(try await desk.run("retry", Self.first).output == "\(Self.first) queued\n")
                try await desk.until { desk.state(Self.first) == .done }
                try await desk.shell("mv spool/\(place)/take-00001.json spool/queued/")
                try await desk.until { desk.state("take-00001") == .done }
                #expect(try await desk.run("rm", "take-00002").status == 0)
                let removed = try #require(JobID("take-00002"))
                #expect(try spool.place(of: removed) == nil)
                try await desk.stop(daemon)

                #expect(try await desk.run("ls", "--json", "--limit", "1").status == 0)
                let kept = try Self.dump(desk)
                #expect(kept.count == 10_051)
                try await desk.shell("rm -r spool/index && mkdir spool/index")
                #expect(try await desk.run("reindex").status == 0)
                #expect(try Self.dump(desk) == kept)
                #expect(SpoolAudit(root: "\(desk.folder)/spool").findings(.init(), isAtRest: true) == [])
            }
        }

        @Test func jobsThatEndedDaysAgo_goToRest_andRmInADayFolderDeletes() async throws {
            try await Desk.use { desk in
                try Self.fill(desk, 20, daysAgo: 3)
                let daemon = try await desk.serve()
                try await desk.until { desk.count(.done) == 0 }
                let spool = try SpoolFolder.open("\(desk.folder)/spool", durability: .fast, isCreating: false)
                #expect(try spool.allIDs(in: .done).count == 20)
                let id = try #require(JobID(Self.first))
                let place = try #require(try spool.place(of: id))
                try await desk.until(daemon) { daemon.errorsSoFar.contains("ended jobs archived") }
                try await desk.shell("rm spool/\(place)/\(Self.first).json")
                try await desk.until(daemon) {
                    daemon.errorsSoFar.contains("job deleted by removing its file job.id=\(Self.first)")
                }
                #expect(try spool.files.status(SpoolLayout.record(id)) == nil)
                try await desk.stop(daemon)
            }
        }

        @Test func copyOfASpoolWithDayFolders_hasEveryJobOnce() async throws {
            try await Desk.use { desk in
                try Self.fill(desk, 20, daysAgo: 3)
                let daemon = try await desk.serve()
                try await desk.until { desk.count(.done) == 0 }
                try await desk.stop(daemon)
                // What a copy may see twice or miss while jobs go to their day folders.
                let spool = try SpoolFolder.open("\(desk.folder)/spool", durability: .fast, isCreating: false)
                let id = try #require(JobID(Self.first))
                let place = try #require(try spool.place(of: id))
                try await desk.shell(
                    "cp -a spool copy && cp -a copy/\(place)/take-00000.json copy/done/"
                        + " && rm copy/\(place)/take-00001.json")
                let again = try desk.start(
                    ["-C", "copy", "serve", "--once"], environment: ["KINOSPOOL_MIN_FREE": "0"])
                #expect(try await again.answer().status == 0)
                let audit = SpoolAudit(root: "\(desk.folder)/copy")
                #expect(audit.findings(.init(), isAtRest: true) == [])
                for name in [Self.first, "take-00001"] { #expect(audit.places(of: name) == ["done"]) }
            }
        }

        /// The rows of the index.
        private static func dump(_ desk: Desk) throws -> [String] {
            try JobIndex(path: "\(desk.folder)/spool/\(SpoolLayout.indexFile)", readOnly: true).dump()
        }
    }
}
