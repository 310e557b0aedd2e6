import Backends
import JobCore
import Spool
import TestSupport
import Testing

@testable import Engine

@Suite(.timeLimit(.minutes(3))) struct CancelTests {
    private static let render = #"{"type":"RENDER","params":{"prompt":"x"}}"#

    @Test func cancel_whileRunning_stopsTheBackendAndRemovesWhatItMade() async throws {
        let backend = ScriptedBackend(.produce(ProducedFile(name: "a.bin", kind: .data), [1]), .progress(1), .hang)
        try await Stage.play(backend) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until { try stage.exists(SpoolLayout.scratch("boats", attempt: 1) + "/a.bin") }
            #expect(try stage.spool.folder.cancel("boats") == .canceled)
            try await stage.untilSaid("info job left running")
            let document = try stage.document("boats")
            #expect(document.outcome == .canceled)
            #expect(document.error?.code == .userCanceled)
            #expect(document.artifacts.isEmpty)
            #expect(try !stage.exists(SpoolLayout.scratch("boats", attempt: 1)))
            #expect(try !stage.exists(SpoolLayout.cancelWish("boats")))
            try await stage.untilNobodyOwns("boats")
            #expect(try stage.spool.folder.cancel("boats") == .canceled)
        }
    }

    @Test func cancel_aBackendThatCannotStop_discardsItsLateResult() async throws {
        let (isWorking, mayEnd) = (ScriptedBackend.Signal(), ScriptedBackend.Signal())
        try await Stage.play(StubbornBackend(isWorking: isWorking, mayEnd: mayEnd)) { stage in
            try stage.drop("boats", Self.render)
            try await isWorking.wait()
            #expect(try stage.spool.folder.cancel("boats") == .canceled)
            #expect(try stage.spool.folder.isOwned("boats"), "the lock fences until the backend has stopped")
            mayEnd.fire()
            try await stage.untilSaid("info job left running")
            #expect(try stage.spool.folder.state(of: "boats") == .canceled)
            #expect(try stage.document("boats").artifacts.isEmpty)
            #expect(try !stage.exists(SpoolLayout.scratch("boats", attempt: 1)))
        }
    }

    @Test func cancel_aQueuedJob_neverStartsIt() async throws {
        let backend = ScriptedBackend()
        try await Stage.play(backend, prepared: { try $0.folder.pause(reason: "test") }) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until { try stage.exists(SpoolLayout.birth("boats")) }
            #expect(try stage.spool.folder.cancel("boats") == .canceled)
            try stage.spool.folder.resume()
            try stage.drop("witness", Self.render)
            try await stage.until("witness", is: .done)
            #expect(backend.requests.map(\.jobID) == ["witness"])
            #expect(try stage.document("boats").outcome == .canceled)
        }
    }

    @Test func cancel_inALaterLife_leavesNothingOfTheOnesBefore() async throws {
        try await Stage.play { stage in
            try stage.drop("boats", #"{"type":"NOOP","params":{"output_bytes":64}}"#)
            try await stage.until("boats", is: .done)
            try await stage.untilNobodyOwns("boats")
            let first = SpoolLayout.scratch("boats", attempt: 1)
            #expect(try stage.exists(first))
            try stage.spool.folder.retry("boats", changes: ["seconds": 600])
            // Canceled any sooner, its second attempt would never begin, and the daemon itself would sweep.
            try await stage.untilSaid("info job running attempt=2")
            #expect(try stage.spool.folder.cancel("boats") == .canceled)
            try await stage.untilSaid("info job left running")
            #expect(try !stage.exists(first))
        }
    }

    @Test func cancel_manyAtRandomMoments_eachEndsOnceAndNoneHasBoth() async throws {
        try await Stage.play { stage in
            let ids = try (0..<120).map { try #require(JobID("job\($0)"[...])) }
            for id in ids { try stage.drop(id, #"{"type":"NOOP","params":{"output_bytes":64}}"#) }
            var answers: [JobID: CancelResult] = [:]
            for id in ids {
                try await stage.until { try stage.spool.folder.state(of: id) != nil }
                answers[id] = try stage.spool.folder.cancel(id)
            }
            for id in ids { try await stage.until { try stage.spool.folder.state(of: id)?.isFinal == true } }
            stage.stop()
            try await stage.untilSaid("notice stopped")
            for id in ids {
                let document = try stage.document(id)
                let state = try stage.spool.folder.state(of: id)
                #expect(answers[id] == (state == .canceled ? .canceled : .ended(.done)))
                #expect(document.outcome == state)
                #expect(document.artifacts.count == (state == .done ? 1 : 0))
            }
        }
    }
}

/// A backend that hears of its cancellation only when the test lets it, and returns a film nevertheless.
private struct StubbornBackend: Backend {
    let lane = Lane.preview
    let isWorking: ScriptedBackend.Signal, mayEnd: ScriptedBackend.Signal

    func run(
        _ request: BackendRequest, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> [ProducedFile] {
        isWorking.fire()
        let mayEnd = mayEnd
        await withUncancelled { try? await mayEnd.wait() }
        return []
    }

    /// Runs a body in a task that the caller's cancellation does not reach.
    private func withUncancelled(_ body: @escaping @Sendable () async -> Void) async {
        await Task { await body() }.value
    }
}
