import Backends
import JobCore
import Spool
import TestSupport
import Testing

@testable import Engine

/// Ended jobs in day folders, with a daemon at work: what people do there means the same as beside them.
@Suite(.timeLimit(.minutes(3))) struct ArchiverTests {
    /// Every ended job goes, whatever its age.
    private static let all = ArchiveRule(flatLimit: 0)

    private static func hasty() throws -> Policy {
        try Policy(heartbeatInterval: .milliseconds(100), settleAge: .milliseconds(50))
    }

    /// Jobs that have ended, flat, as a daemon without this office left them.
    private static func ended(_ spool: TemporarySpool, _ ids: [JobID]) throws {
        for id in ids {
            let document = JobDocument(["type": "NOOP", "params": ["output_bytes": 1]])
            _ = try spool.folder.submit([Submission(document: document, naming: .exactly(id))])[0].get()
            let owner = RunRecord.Owner(host: "test", bootID: "boot", pid: 1, startTicks: 1)
            guard case .claimed(let job) = try spool.folder.claim(id, owner: owner) else { continue }
            #expect(spool.folder.finish([JobEnding(job, .done([]))]) == [.recorded])
        }
    }

    private func place(_ stage: Stage, _ id: JobID) throws -> JobPlace? { try stage.spool.folder.place(of: id) }

    /// Waits until a job lies in a day folder, and the index knows of it.
    private func untilAtRest(_ stage: Stage, _ id: JobID) async throws -> JobPlace {
        try await stage.until { try place(stage, id)?.day != nil }
        try await stage.until { try stage.indexed(id)?.day == place(stage, id)?.day }
        return try #require(try place(stage, id))
    }

    /// The rows of the index, and those that a new one would have.
    private func dumps(_ stage: Stage) throws -> (kept: [String], rebuilt: [String]) {
        let kept = try JobIndex(path: stage.spool.folder.absolute(SpoolLayout.indexFile), readOnly: true)
        let fresh = try JobIndex(path: stage.spool.outside + "/fresh.sqlite")
        try IndexRefresh(folder: stage.spool.folder, index: fresh).rebuild()
        return (try kept.dump(), try fresh.dump())
    }

    @Test func endedJobs_beyondTheLimit_goToTheirDayFolders() async throws {
        let ids = ["a", "b", "c", "d", "e"] as [JobID]
        try await Stage.play(
            archiveRule: ArchiveRule(flatLimit: 2, batch: 2), prepared: { try Self.ended($0, ids) }
        ) { stage in
            try await stage.until { try stage.spool.folder.ids(in: .done).count <= 2 }
            #expect(try stage.spool.folder.allIDs(in: .done).sorted() == ids)
            for id in ids { _ = try #require(try stage.spool.folder.view(id)) }
            #expect(try stage.exists(SpoolLayout.final("a")))
        }
    }

    @Test func endedJobs_whileItRuns_goWhenThereAreTooMany() async throws {
        try await Stage.play(archiveRule: ArchiveRule(flatLimit: 2, batch: 2)) { stage in
            try await stage.untilSaid("ready")
            for number in 0..<12 { try stage.drop(try #require(JobID("n\(number)"))) }
            try await stage.until { try stage.spool.folder.allIDs(in: .done).count == 12 }
            try await stage.until { try stage.spool.folder.ids(in: .done).count <= 2 + 2 }
            #expect(try stage.spool.folder.allIDs(in: .done).count == 12)
        }
    }

    @Test func jobsThatAPersonMoved_stayAndHoldUpNobody() async throws {
        let moved = ["m1", "m2", "m3"] as [JobID]
        try await Stage.play(
            archiveRule: ArchiveRule(flatLimit: 0, batch: 2),
            prepared: { spool in
                try spool.folder.pause(reason: "test")
                for id in moved {
                    let submission = Submission(document: JobDocument(["type": "NOOP"]), naming: .exactly(id))
                    _ = try spool.folder.submit([submission])[0].get()
                    try spool.files.rename("queued/\(id).json", "done/\(id).json", .noReplace)
                }
                try Self.ended(spool, ["a", "b", "c"])
            }
        ) { stage in
            for id in ["a", "b", "c"] as [JobID] { _ = try await untilAtRest(stage, id) }
            #expect(try stage.spool.folder.ids(in: .done).sorted() == moved)
        }
    }

    @Test func rm_inADayFolder_deletesTheJob() async throws {
        try await Stage.play(
            policy: try Self.hasty(), archiveRule: Self.all, prepared: { try Self.ended($0, ["job", "other"]) }
        ) { stage in
            let place = try await untilAtRest(stage, "job")
            try await stage.untilSaid("ended jobs archived")
            try stage.spool.files.remove(SpoolLayout.token("job", at: place))
            try await stage.untilSaid("info job deleted by removing its file job.id=job")
            #expect(try !stage.exists(SpoolLayout.record("job")))
            try await stage.until { stage.indexed("job") == nil }
            #expect(try self.place(stage, "other") != nil)
        }
    }

    @Test func rm_ofADayFolder_deletesItsJobsAndNothingElse() async throws {
        try await Stage.play(
            policy: try Self.hasty(), archiveRule: Self.all, prepared: { try Self.ended($0, ["job", "other"]) }
        ) { stage in
            let place = try await untilAtRest(stage, "job")
            _ = try await untilAtRest(stage, "other")
            for id in ["job", "other"] as [JobID] { try stage.spool.files.remove(SpoolLayout.token(id, at: place)) }
            try stage.spool.files.removeFolder(SpoolLayout.folder(of: place))
            try await stage.untilSaid("info job deleted by removing its file job.id=job")
            try await stage.untilSaid("info job deleted by removing its file job.id=other")
            #expect(stage.journal.lines.allSatisfy { !$0.contains("events were lost") })
            // The next one makes the folder anew, and what happens there is noticed again.
            try stage.drop("third")
            try await stage.until("third", is: .done)
        }
    }

    @Test func mv_fromADayFolderToQueued_runsAgain() async throws {
        let backend = ScriptedBackend { request in
            [.produce(.init(name: "a.bin", kind: .data), [UInt8(request.attempt)])]
        }
        try await Stage.play(backend, archiveRule: Self.all, prepared: { try Self.ended($0, ["job"]) }) { stage in
            let place = try await untilAtRest(stage, "job")
            try stage.spool.files.rename(SpoolLayout.token("job", at: place), "queued/job.json", .noReplace)
            try await stage.untilSaid("info job done")
            #expect(try stage.document("job").attempt == 2)
            try await stage.until { stage.indexed("job")?.attempt == 2 }
        }
    }

    @Test func mv_fromQueuedIntoADayFolder_isACancelThatIsWrittenDown() async throws {
        try await Stage.play(prepared: { spool in
            try spool.folder.pause(reason: "test")
            try spool.files.makeFolder("canceled/2001-01-01")
        }) { stage in
            try await stage.untilSaid("day folders are watched")
            try stage.drop("job")
            try await stage.until { try stage.exists(SpoolLayout.birth("job")) }
            try stage.spool.files.rename("queued/job.json", "canceled/2001-01-01/job.json", .noReplace)
            try await stage.until { try stage.document("job").error?.code == .userCanceled }
            #expect(try place(stage, "job") == .canceled)
        }
    }

    @Test func needs_ofAJobInADayFolder_areMet() async throws {
        try await Stage.play(archiveRule: Self.all, prepared: { try Self.ended($0, ["first"]) }) { stage in
            _ = try await untilAtRest(stage, "first")
            try stage.drop("second", #"{"type":"NOOP","needs":["first"]}"#)
            try await stage.until("second", is: .done)
        }
    }

    @Test func drop_withTheNameOfAJobInADayFolder_isANewJob() async throws {
        try await Stage.play(archiveRule: Self.all, prepared: { try Self.ended($0, ["job"]) }) { stage in
            _ = try await untilAtRest(stage, "job")
            let first = try stage.document("job")
            try stage.drop("job", #"{"type":"NOOP","note":"another"}"#)
            try await stage.until { try stage.spool.folder.allIDs(in: .done).count == 2 }
            #expect(try stage.document("job") == first)
        }
    }

    @Test func index_afterJobsWentToDayFolders_equalsARebuild() async throws {
        try await Stage.play(
            archiveRule: ArchiveRule(flatLimit: 2), prepared: { try Self.ended($0, ["a", "b", "c", "d", "e"]) }
        ) { stage in
            try await stage.until { try stage.spool.folder.ids(in: .done).count == 2 }
            for id in ["a", "b", "c", "d", "e"] as [JobID] {
                try await stage.until { try stage.indexed(id).map { $0.day == (try place(stage, id))?.day } ?? false }
            }
            let (kept, fresh) = try dumps(stage)
            #expect(kept == fresh)
            #expect(fresh.count == 5)
        }
    }

    @Test func restart_afterALostCopyOfADayFolder_hasEachJobOnce() async throws {
        let spool = try TemporarySpool()
        try Self.ended(spool, ["lost", "twice"])
        #expect(spool.folder.archive(["lost", "twice"], in: .done).count == 2)
        let place = try #require(try spool.folder.place(of: "twice"))
        // As a copy that was made while they went there: the one was missed, the other seen twice.
        try spool.files.remove(SpoolLayout.token("lost", at: place))
        let bytes = try #require(try spool.files.read(SpoolLayout.token("twice", at: place), limit: 1 << 20)).bytes
        try spool.files.create("done/twice.json", bytes)
        try spool.files.overwrite(SpoolLayout.identity, Array("1 1\n".utf8))
        try await Stage.play(sharing: spool) { stage in
            try await stage.untilSaid("ready")
            #expect(try spool.folder.places() == ["lost": [.done], "twice": [place]])
        }
    }
}
