import JobCore
import Spool
import TestSupport
import Testing

@testable import Engine

/// Jobs that wait for others.
@Suite(.timeLimit(.minutes(3))) struct NeedsTests {
    private static let waiting = #"{"type":"NOOP","needs":["first"]}"#
    private static let first = #"{"type":"RENDER","params":{"prompt":"x"}}"#

    @Test func needs_startsAfterTheOtherIsDone() async throws {
        let mayEnd = ScriptedBackend.Signal()
        try await Stage.play(ScriptedBackend(.wait(mayEnd))) { stage in
            try stage.drop("second", Self.waiting)
            try stage.drop("first", Self.first)
            try await stage.until("first", is: .running)
            try await stage.until { try stage.exists(SpoolLayout.birth("second")) }
            #expect(try stage.spool.folder.state(of: "second") == .queued)
            mayEnd.fire()
            try await stage.until("second", is: .done)
            let (before, after) = (try stage.document("first"), try stage.document("second"))
            #expect(try #require(after.startedAt) >= #require(before.finishedAt))
        }
    }

    @Test func needs_aJobThatFails_failsWithDependencyFailed() async throws {
        let mayEnd = ScriptedBackend.Signal()
        let backend = ScriptedBackend(.wait(mayEnd), .fail(Failure(.invalidVideo, "no")))
        try await Stage.play(backend) { stage in
            try stage.drop("first", Self.first)
            try stage.drop("second", Self.waiting)
            try await stage.until("first", is: .running)
            mayEnd.fire()
            try await stage.until("second", is: .failed)
            let error = try #require(try stage.document("second").error)
            #expect(error.code == .dependencyFailed)
            #expect(error.message.contains("first, which is failed"))
        }
    }

    @Test func needs_aJobThatIsCanceledByHand_failsWithDependencyFailed() async throws {
        try await Stage.play(prepared: { try $0.folder.pause(reason: "test") }) { stage in
            try stage.drop("first")
            try stage.drop("second", Self.waiting)
            try await stage.until { try stage.exists(SpoolLayout.birth("second")) }
            try await stage.until { try stage.exists(SpoolLayout.birth("first")) }
            try stage.move("first", .queued, .canceled)
            try await stage.until("second", is: .failed)
            #expect(try stage.document("second").error?.code == .dependencyFailed)
        }
    }

    @Test func needs_aJobOfWhichTheIndexLies_followsTheFolders() async throws {
        func lie(_ spool: TemporarySpool) throws {
            let first = Submission(document: JobDocument(["type": "NOOP"]), naming: .exactly("first"))
            _ = try spool.folder.submit([first])[0].get()
            #expect(try spool.folder.refuse("first", Failure(.invalidVideo, "no")))
            var view = try #require(try spool.folder.view("first"))
            view.state = .done
            let index = try JobIndex(path: spool.folder.absolute(SpoolLayout.indexFile))
            try index.rebuild { [] }
            try index.apply(upserts: [IndexRow(view: view, stamp: 0)])
            try #require(try index.view("first")?.state == .done)
        }
        // A worker beside the daemon keeps no index: what lies there stays as it is.
        try await Stage.play(options: Daemon.Options(role: .worker), prepared: lie) { stage in
            try stage.drop("second", Self.waiting)
            try await stage.until { try stage.spool.folder.state(of: "second")?.isFinal == true }
            #expect(try stage.document("second").error?.code == .dependencyFailed)
            #expect(stage.indexed("first")?.state == .done)
        }
    }

    @Test func needs_hundredsOfEndingJobs_noneIsForgotten() async throws {
        try await Stage.play { stage in
            let pairs = try (0..<150).map { index in
                (try #require(JobID("a\(index)"[...])), try #require(JobID("b\(index)"[...])))
            }
            for (first, second) in pairs {
                try stage.drop(second, #"{"type":"NOOP","needs":["\#(first)"]}"#)
                try stage.drop(first)
            }
            for (_, second) in pairs { try await stage.until(second, is: .done) }
        }
    }
}
