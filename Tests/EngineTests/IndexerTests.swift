import JobCore
import Spool
import TestSupport
import Testing

@testable import Engine

/// The index beside a daemon at work.
@Suite(.timeLimit(.minutes(3))) struct IndexerTests {
    /// Some jobs with different endings.
    private func live(_ stage: Stage) async throws {
        try stage.drop("done-1", #"{"type":"NOOP","params":{"output_bytes":10}}"#)
        try stage.drop("failed-1", #"{"type":"NOOP","params":{"fail":"invalid_video"}}"#)
        try stage.drop("scheduled-1", #"{"type":"NOOP","not_before":"2200-01-01T00:00:00Z"}"#)
        try await stage.until("done-1", is: .done)
        try await stage.until("failed-1", is: .failed)
        try await stage.until { try stage.exists(SpoolLayout.birth("scheduled-1")) }
    }

    /// The rows of the index, and those that a new one would have.
    private func dumps(_ stage: Stage) throws -> (kept: [String], rebuilt: [String]) {
        let kept = try JobIndex(path: stage.spool.folder.absolute(SpoolLayout.indexFile), readOnly: true)
        let fresh = try JobIndex(path: stage.spool.outside + "/fresh.sqlite")
        try IndexRefresh(folder: stage.spool.folder, index: fresh).rebuild()
        return (try kept.dump(), try fresh.dump())
    }

    @Test func mixedLife_indexEqualsARebuild() async throws {
        let policy = try Policy(heartbeatInterval: .milliseconds(100), settleAge: .milliseconds(50))
        try await Stage.play(policy: policy) { stage in
            try await live(stage)
            for id in ["canceled-1", "moved-1", "removed-1"] as [JobID] {
                try stage.drop(id, #"{"type":"NOOP","not_before":"2200-01-01T00:00:00Z"}"#)
                try await stage.until { try stage.exists(SpoolLayout.birth(id)) }
            }
            _ = try stage.spool.folder.cancel("canceled-1")
            try stage.move("moved-1", .queued, .canceled)
            try stage.spool.files.remove(SpoolLayout.token("removed-1", in: .queued))
            try stage.move("failed-1", .failed, .queued)
            try await stage.until { try stage.spool.folder.document("failed-1", in: .failed)?.attempt == 2 }
            _ = try stage.spool.folder.delete("done-1")
            try await stage.untilSaid("info job deleted by removing its file")
            try await stage.until { try stage.document("moved-1").outcome == .canceled }
            stage.stop()
            try await stage.untilSaid("notice stopped")
            let (kept, rebuilt) = try dumps(stage)
            #expect(kept == rebuilt)
            #expect(kept.count == 4)
        }
    }

    @Test func indexDeletedWhileRunning_comesBackWithAllRows() async throws {
        try await Stage.play { stage in
            try await live(stage)
            for suffix in ["", "-wal", "-shm"] {
                try? stage.spool.files.remove(SpoolLayout.indexFile + suffix)
            }
            try await stage.until { stage.indexed("done-1")?.state == .done }
            stage.stop()
            try await stage.untilSaid("notice stopped")
            let (kept, rebuilt) = try dumps(stage)
            #expect(kept == rebuilt)
        }
    }

    @Test(arguments: ["printf garbage > \"$0\"", "head -c 20000 /dev/urandom 1<> \"$0\" >&1", ": > \"$0\""])
    func indexCorruptedWhileRunning_comesBackWithAllRows(command: String) async throws {
        try await Stage.play { stage in
            try await live(stage)
            // All is written: a write after the harm could heal the head, and hide for a while what else is lost.
            try await stage.until {
                stage.indexed("failed-1")?.state == .failed && stage.indexed("done-1")?.state == .done
                    && stage.indexed("scheduled-1") != nil
            }
            // In a process of its own, as a person or a bad disk does it.
            try Shell.run(command, stage.spool.folder.absolute(SpoolLayout.indexFile))
            try await stage.untilSaid("the index is damaged or gone")
            try stage.drop("late")
            try await stage.until("late", is: .done)
            try await stage.until { stage.indexed("late")?.state == .done }
            stage.stop()
            try await stage.untilSaid("notice stopped")
            let (kept, rebuilt) = try dumps(stage)
            #expect(kept == rebuilt)
        }
    }

    @Test func indexThatCannotBeMade_doesNotHoldTheJobsUp() async throws {
        let blocked: (TemporarySpool) throws -> Void = { spool in
            try spool.files.makeFolder(SpoolLayout.indexFile)
            try spool.drop("\(SpoolLayout.indexFile)/in-the-way", [])
        }
        try await Stage.play(prepared: blocked) { stage in
            try stage.drop("job")
            try await stage.until("job", is: .done)
        }
    }

    @Test func runningJob_showsItsProgressInTheIndex() async throws {
        let backend = ScriptedBackend(.progress(37, "painting"), .hang)
        try await Stage.play(backend) { stage in
            try stage.drop("boats", #"{"type":"RENDER","params":{"prompt":"x"}}"#)
            try await stage.until { try stage.exists(SpoolLayout.progress("boats")) }
            try await stage.until { stage.indexed("boats")?.state == .running }
            try await stage.until { stage.indexed("boats")?.progress == 37 }
        }
    }
}
