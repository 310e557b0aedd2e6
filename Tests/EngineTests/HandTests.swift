import Backends
import JobCore
import Spool
import TestSupport
import Testing

@testable import Engine

/// What people do with `mv`, `rm` and `touch`.
@Suite(.timeLimit(.minutes(3))) struct HandTests {
    private static let render = #"{"type":"RENDER","params":{"prompt":"x"}}"#

    /// A policy that forgets removed jobs at once.
    private static func hasty() throws -> Policy {
        try Policy(heartbeatInterval: .milliseconds(100), settleAge: .milliseconds(50))
    }

    @Test func mv_runningToCanceled_isACancel() async throws {
        let isOver = ScriptedBackend.Signal()
        let backend = ScriptedBackend { _ in
            [.produce(.init(name: "a.bin", kind: .data), [1]), .progress(1), .wait(isOver)]
        }
        try await Stage.play(backend) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .running)
            try await stage.until { !backend.requests.isEmpty }
            try stage.move("boats", .running, .canceled)
            try await stage.untilSaid("info job left running")
            isOver.fire()
            let document = try stage.document("boats")
            #expect(document.outcome == .canceled)
            #expect(document.error?.code == .userCanceled)
            #expect(try !stage.exists(SpoolLayout.scratch("boats", attempt: 1)))
            try await stage.untilNobodyOwns("boats")
        }
    }

    @Test func mv_runningToQueued_stopsTheAttemptAndRunsAgainWithoutUsingOneUp() async throws {
        let backend = ScriptedBackend { $0.attempt == 1 ? [.progress(1), .hang] : [] }
        try await Stage.play(backend) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until { backend.requests.count == 1 }
            try stage.move("boats", .running, .queued)
            try await stage.until("boats", is: .done)
            #expect(backend.requests.map(\.attempt) == [1, 2])
            #expect(try stage.spool.folder.run(of: "boats")?.failures == 0)
            #expect(try stage.spool.folder.run(of: "boats")?.crashes == 0)
        }
    }

    @Test func mv_doneToQueued_runsAgain() async throws {
        let backend = ScriptedBackend { request in
            [.produce(.init(name: "a.bin", kind: .data), [UInt8(request.attempt)])]
        }
        try await Stage.play(backend) { stage in
            try stage.drop("boats", Self.render)
            try await stage.untilSaid("info job done")
            let first = try stage.document("boats").artifacts
            try stage.move("boats", .done, .queued)
            try await stage.untilSaid("info job done", times: 2)
            #expect(try stage.spool.folder.state(of: "boats") == .done)
            #expect(try stage.document("boats").attempt == 2)
            #expect(try stage.document("boats").artifacts != first)
        }
    }

    @Test func mv_queuedToRunning_isTakenBackAndRuns() async throws {
        let policy = try Policy(heartbeatInterval: .milliseconds(50), monitorInterval: .milliseconds(50))
        try await Stage.play(policy: policy, prepared: { try $0.folder.pause(reason: "test") }) { stage in
            try stage.drop("job")
            try await stage.until { try stage.exists(SpoolLayout.birth("job")) }
            try stage.move("job", .queued, .running)
            try await stage.untilSaid("steps=requeue(nothing)")
            try stage.spool.folder.resume()
            try await stage.until("job", is: .done)
        }
    }

    @Test func rm_aQueuedJob_takesItsRecordAlong() async throws {
        try await Stage.play(policy: try Self.hasty(), prepared: { try $0.folder.pause(reason: "test") }) { stage in
            try stage.drop("job")
            try await stage.until { try stage.exists(SpoolLayout.birth("job")) }
            try stage.spool.files.remove(SpoolLayout.token("job", in: .queued))
            try await stage.untilSaid("info job deleted by removing its file job.id=job")
            #expect(try !stage.exists(SpoolLayout.record("job")))
            #expect(try stage.spool.folder.allIDs().isEmpty)
        }
    }

    @Test func rm_aRunningJob_stopsItAndTakesItsRecordAlong() async throws {
        let backend = ScriptedBackend(.progress(1), .hang)
        try await Stage.play(backend, policy: try Self.hasty()) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until { !backend.requests.isEmpty }
            try stage.spool.files.remove(SpoolLayout.token("boats", in: .running))
            try await stage.untilSaid("info job deleted by removing its file job.id=boats")
            #expect(try stage.spool.folder.state(of: "boats") == nil)
            #expect(try !stage.exists(SpoolLayout.record("boats")))
        }
    }

    @Test func rm_aDoneJob_takesItsRecordAndItsFilmAlong() async throws {
        try await Stage.play(policy: try Self.hasty()) { stage in
            try stage.drop("job", #"{"type":"NOOP","params":{"output_bytes":10}}"#)
            try await stage.untilSaid("info job done")
            try stage.spool.files.remove(SpoolLayout.token("job", in: .done))
            try await stage.untilSaid("info job deleted by removing its file job.id=job")
            #expect(try !stage.exists(SpoolLayout.record("job")))
            // The id is free again.
            try stage.drop("job")
            try await stage.untilSaid("info job done", times: 2)
            #expect(try stage.document("job").attempt == 1)
        }
    }

    @Test func rm_andWriteAnew_asEditorsSave_keepsTheJob() async throws {
        let policy = try Policy(heartbeatInterval: .milliseconds(100), settleAge: .milliseconds(300))
        try await Stage.play(policy: policy, prepared: { try $0.folder.pause(reason: "test") }) { stage in
            try stage.drop("job")
            try stage.drop("witness")
            try await stage.until {
                try stage.exists(SpoolLayout.birth("job")) && stage.exists(SpoolLayout.birth("witness"))
            }
            try stage.spool.files.remove(SpoolLayout.token("job", in: .queued))
            try stage.drop("job", #"{"type":"NOOP","note":"edited"}"#)
            try stage.spool.files.remove(SpoolLayout.token("witness", in: .queued))
            try await stage.untilSaid("info job deleted by removing its file job.id=witness")
            #expect(try stage.exists(SpoolLayout.record("job")))
            try stage.spool.folder.resume()
            try await stage.until("job", is: .done)
            #expect(try stage.document("job")[.note] == "edited")
        }
    }

    @Test func touch_intoTheFuture_schedulesAndBackStartsIt() async throws {
        try await Stage.play(prepared: { try $0.folder.pause(reason: "test") }) { stage in
            let now = stage.spool.folder.wallTime
            try stage.drop("later")
            try await stage.until { try stage.exists(SpoolLayout.birth("later")) }
            try stage.touch("later", now.advanced(byMilliseconds: 3_600_000))
            try await stage.fence()
            try stage.spool.folder.resume()
            try stage.drop("witness")
            try await stage.until("witness", is: .done)
            #expect(try stage.spool.folder.state(of: "later") == .queued)
            try stage.touch("later", now)
            try await stage.until("later", is: .done)
        }
    }

    @Test func touch_aMomentAhead_startsWhenItHasCome() async throws {
        try await Stage.play { stage in
            try stage.drop(
                "soon",
                #"{"type":"NOOP","not_before":"\#(stage.spool.folder.wallTime.advanced(byMilliseconds: 400).text)"}"#)
            try await stage.until("soon", is: .done)
            let document = try stage.document("soon")
            let wished = try #require(document[.notBefore]?.string.flatMap { Timestamp($0) })
            #expect(try #require(document.startedAt) >= wished)
        }
    }
}
