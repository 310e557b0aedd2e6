import Backends
import JobCore
import Spool
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Slots, locks and lanes.
@Suite(.timeLimit(.minutes(3))) struct DispatcherTests {
    private static let render = #"{"type":"RENDER","params":{"prompt":"x"}}"#

    @Test func busyLock_doesNotStarveTheLane() async throws {
        let backend = ScriptedBackend()
        try await Stage.play(backend, prepared: { try $0.folder.pause(reason: "test") }) { stage in
            try stage.drop("held", #"{"type":"RENDER","params":{"prompt":"x"},"priority":9}"#)
            try await stage.until { try stage.exists(SpoolLayout.birth("held")) }
            try await stage.fence()
            let lock = try #require(try stage.spool.files.lock(SpoolLayout.beat("held")))
            for id in ["one", "two"] as [JobID] { try stage.drop(id, Self.render) }
            try stage.spool.folder.resume()
            for id in ["one", "two"] as [JobID] { try await stage.until(id, is: .done) }
            #expect(try stage.spool.folder.state(of: "held") == .queued)
            lock.release()
            try await stage.until("held", is: .done)
        }
    }

    @Test func slots_limitWhatRunsAtTheSameTime() async throws {
        let mayEnd = ScriptedBackend.Signal()
        let backend = ScriptedBackend(.progress(1), .wait(mayEnd))
        try await Stage.play(backend, settings: [.concurrency: "preview=2"]) { stage in
            let ids = ["a", "b", "c", "d"] as [JobID]
            for id in ids { try stage.drop(id, Self.render) }
            try await stage.until { backend.requests.count == 2 }
            // Other lanes are not held up.
            try stage.drop("noop")
            try await stage.until("noop", is: .done)
            #expect(backend.requests.count == 2)
            #expect(try stage.spool.folder.ids(in: .running).count == 2)
            mayEnd.fire()
            for id in ids { try await stage.until(id, is: .done) }
        }
    }

    @Test func diskNearlyFull_theLatestIsStopped_theOtherGoesOn() async throws {
        let mayEnd = ScriptedBackend.Signal()
        let backend = ScriptedBackend(.progress(1), .wait(mayEnd))
        // What the next looks at the disk tell; the last answer stays.
        let looks = Mutex<[Int64]>([20_000_000_000])
        let freeBytes: @Sendable () -> Int64? = { looks.withLock { $0.count > 1 ? $0.removeFirst() : $0.first } }
        let settings: [SettingKey: String] = [.minimumFree: "5 GB", .concurrency: "preview=2"]
        try await Stage.play(backend, settings: settings, freeBytes: freeBytes) { stage in
            for (count, id) in ["first", "second"].enumerated() {
                try stage.drop(try #require(JobID(id)), Self.render)
                try await stage.until { backend.requests.count == count + 1 }
            }
            looks.withLock { $0 = [300_000_000, 20_000_000_000] }
            try await stage.until("second", is: .failed)
            let error = try stage.document("second").error
            #expect(error?.code == .diskFull)
            #expect(error?.message == "Only 300 MB are free: the job was stopped before the disk was full.")
            #expect(try !stage.exists(SpoolLayout.scratch("second", attempt: 1)))
            #expect(try stage.spool.folder.state(of: "first") == .running)
            mayEnd.fire()
            try await stage.until("first", is: .done)
        }
    }

    @Test func manyJobs_eachIsDoneOnce() async throws {
        try await Stage.play { stage in
            let ids = try (0..<600).map { try #require(JobID("job\($0)"[...])) }
            for id in ids { try stage.drop(id) }
            for id in ids { try await stage.until(id, is: .done) }
            for id in ids where try stage.document(id).attempt != 1 { Issue.record("\(id) ran twice") }
            stage.stop()
            try await stage.untilSaid("notice stopped")
            #expect(await stage.report == Daemon.Report(done: 600, failed: 0))
        }
    }

    @Test func workerBesideTheDaemon_sharesTheQueue() async throws {
        let mayEnd = ScriptedBackend.Signal()
        let (mine, other) = (ScriptedBackend(.progress(1), .wait(mayEnd)), ScriptedBackend(.progress(1), .wait(mayEnd)))
        try await Stage.play(mine) { stage in
            try await Stage.play(other, options: Daemon.Options(role: .worker), sharing: stage.spool) { helper in
                for id in ["a", "b"] as [JobID] { try stage.drop(id, Self.render) }
                try await stage.until { mine.requests.count == 1 }
                try await helper.until { other.requests.count == 1 }
                mayEnd.fire()
                for id in ["a", "b"] as [JobID] { try await stage.until(id, is: .done) }
                #expect(mine.requests.map(\.jobID) != other.requests.map(\.jobID))
            }
        }
    }
}
