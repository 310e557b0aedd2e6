import JobCore
import Spool
import Synchronization
import TestSupport
import Testing

@testable import Backends
@testable import Engine

/// A daemon and a run that is paid for: it is left alone, taken up again, or ended for good.
@Suite(.timeLimit(.minutes(3))) struct RemoteTests {
    private static let render = #"{"type":"RENDER","backend":"runpod","params":{"prompt":"x"}}"#

    /// RunPod's side of a test, whose run is over when the test says so.
    private final class Scene: Sendable {
        let fake: FakeRunPod
        private let isOver: Box, holdsCancels: Box

        init(holdsCancels: Bool = false, end: FakeRunPod.Sight? = nil) throws {
            let film = Base64.encoded(try RealFilm.bytes())
            let completed = #","delayTime":2400,"executionTime":41200,"output":{"video":"\#(film)"}"#
            let last = end ?? .state("COMPLETED", completed)
            let (over, holds) = (Box(false), Box(holdsCancels))
            (isOver, self.holdsCancels) = (over, holds)
            fake = try FakeRunPod(
                life: { look in
                    if over.value.withLock({ $0 }) { return last }
                    return look == 1 ? .state("IN_QUEUE") : .state("IN_PROGRESS", #","output":{"percent":40}"#)
                }, cancel: { _ in holds.value.withLock { $0 } ? .text(502, "") : nil })
        }

        private final class Box: Sendable {
            let value: Mutex<Bool>
            init(_ value: Bool) { self.value = Mutex(value) }
        }

        func end() { isOver.value.withLock { $0 = true } }
        func confirmCancels() { holdsCancels.value.withLock { $0 = false } }

        func backend() throws -> RunPodBackend {
            RunPodBackend(configuration: BackendConfiguration(runpod: try fake.settings(price: 0.001)), haste: 40)
        }
    }

    /// Drops the job and waits until its run has told how far it is.
    private static func dropAndWatch(_ stage: Stage) async throws {
        try stage.drop("boats", render)
        try await stage.until { try stage.spool.folder.view("boats")?.progress == 40 }
    }

    @Test func stop_leavesTheRunAlone_andTheNextDaemonFetchesIt() async throws {
        let scene = try Scene()
        defer { scene.fake.stop() }
        let spool = try TemporarySpool()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await Self.dropAndWatch(stage)
            stage.stop()
            try await stage.untilSaid("notice stopped")
            #expect(try stage.spool.folder.state(of: "boats") == .running)
            #expect(try stage.spool.folder.isOwned("boats") == false)
            #expect(try stage.spool.folder.view("boats")?.remoteID == "run-1-u1")
        }
        scene.end()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await stage.until("boats", is: .done)
            let view = try #require(try stage.spool.folder.view("boats"))
            #expect(view.attempt == 1 && view.artifacts.map(\.name) == ["video.mp4"])
            #expect(view.remoteRuns.map(\.usage.sentence) == ["queue 2.4 s, GPU 41.2 s, $0.0412"])
        }
        #expect(scene.fake.submits == 1 && scene.fake.cancels == 0)
    }

    @Test func goneMeanwhile_isSaidSo() async throws {
        let scene = try Scene(end: .reply(.json(404, "{}")))
        defer { scene.fake.stop() }
        let spool = try TemporarySpool()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await Self.dropAndWatch(stage)
            stage.stop()
            try await stage.untilSaid("notice stopped")
        }
        scene.end()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await stage.until("boats", is: .failed)
            #expect(try stage.spool.folder.view("boats")?.error?.code == .runpodResultExpired)
        }
        #expect(scene.fake.submits == 1)
    }

    @Test func cancel_endsTheRun_andTellsWhatItUsed() async throws {
        let scene = try Scene()
        defer { scene.fake.stop() }
        try await Stage.play(try scene.backend()) { stage in
            try await Self.dropAndWatch(stage)
            #expect(try stage.spool.folder.cancel("boats") == .canceled)
            try await stage.until {
                try stage.spool.folder.run(of: "boats")?.remote?.state == .canceled
            }
            let view = try #require(try stage.spool.folder.view("boats"))
            #expect(view.state == .canceled && view.artifacts.isEmpty)
            #expect(view.remoteRuns.last?.usage.sentence == "queue 1.5 s, GPU 2.5 s, $0.0025")
            #expect(try !stage.exists(SpoolLayout.scratch("boats", attempt: 1)))
        }
        #expect(scene.fake.submits == 1 && scene.fake.cancels >= 1)
    }

    @Test func cancel_thatRunPodDidNotConfirm_isConfirmedByTheNextDaemon() async throws {
        let scene = try Scene(holdsCancels: true)
        defer { scene.fake.stop() }
        let spool = try TemporarySpool()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await Self.dropAndWatch(stage)
            #expect(try stage.spool.folder.cancel("boats") == .canceled)
            try await stage.untilNobodyOwns("boats")
            stage.stop()
            try await stage.untilSaid("notice stopped")
            #expect(try stage.spool.folder.unwantedRemotes(of: "boats").count == 1)
        }
        scene.confirmCancels()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await stage.untilSaid("run elsewhere is over")
            try await stage.until { try stage.spool.folder.unwantedRemotes(of: "boats").isEmpty }
            #expect(try stage.spool.folder.run(of: "boats")?.remote?.state == .canceled)
        }
        #expect(scene.fake.submits == 1)
    }

    /// Nothing of a deleted job is left, and its id is free.
    private static func isGone(_ stage: Stage, _ id: JobID = "boats") throws -> Bool {
        try stage.spool.folder.deletedIDs().isEmpty && !stage.exists(SpoolLayout.record(id))
    }

    @Test func delete_beforeRunPodConfirmedTheCancel_isConfirmedByTheNextDaemon() async throws {
        let scene = try Scene(holdsCancels: true)
        defer { scene.fake.stop() }
        let spool = try TemporarySpool()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await Self.dropAndWatch(stage)
            let folder = stage.spool.folder
            #expect(try folder.cancel("boats") == .canceled)
            #expect(try folder.delete("boats") == .deleted(artifacts: 0))
            #expect(try folder.state(of: "boats") == nil && folder.view("boats") == nil)
            try await stage.untilNobodyOwns("boats")
            try await stage.untilSaid("run elsewhere not confirmed as over")
            stage.stop()
            try await stage.untilSaid("notice stopped")
            #expect(try folder.unwantedRemotes(of: "boats").map(\.id) == ["run-1-u1"])
        }
        scene.confirmCancels()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await stage.untilSaid("run elsewhere is over")
            try await stage.until { try Self.isGone(stage) }
        }
        #expect(scene.fake.submits == 1 && scene.fake.canceled == ["run-1-u1"])
    }

    @Test(arguments: [false, true])
    func remove_ofARunningJobsFile_endsItsRun(isStoppedBetween: Bool) async throws {
        let scene = try Scene(holdsCancels: isStoppedBetween)
        defer { scene.fake.stop() }
        let spool = try TemporarySpool()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await Self.dropAndWatch(stage)
            try stage.spool.folder.files.remove(SpoolLayout.token("boats", in: .running))
            try await stage.until {
                try isStoppedBetween
                    ? stage.spool.folder.deletedIDs() == ["boats"]
                    : scene.fake.canceled == ["run-1-u1"] && Self.isGone(stage)
            }
        }
        scene.confirmCancels()
        try await Stage.play(try scene.backend(), sharing: spool) { stage in
            try await stage.until { try Self.isGone(stage) }
        }
        #expect(scene.fake.submits == 1 && scene.fake.canceled == ["run-1-u1"])
    }

    /// A run that still goes on although its job has failed: nobody but a retry asked for it any more.
    @Test func delete_ofAFailedJobWhoseRunGoesOn_endsIt() async throws {
        let scene = try Scene(end: .reply(.text(401, "")))
        defer { scene.fake.stop() }
        try await Stage.play(try scene.backend()) { stage in
            try await Self.dropAndWatch(stage)
            scene.end()
            try await stage.until("boats", is: .failed)
            #expect(scene.fake.cancels == 0)
            #expect(try stage.spool.folder.delete("boats") == .deleted(artifacts: 0))
            try await stage.until { try Self.isGone(stage) }
            #expect(scene.fake.canceled == ["run-1-u1"])
        }
    }

    @Test func diedWhileItSubmitted_endsUnknown_andSubmitsNothing() async throws {
        let scene = try Scene()
        defer { scene.fake.stop() }
        let endpoint = scene.fake.endpoint
        let prepared: (TemporarySpool) throws -> Void = { spool in
            try spool.drop("queued/boats.json", Array(Self.render.utf8))
            let folder = spool.folder
            _ = try folder.admit("boats.json", isClosed: true, policy: try Policy())
            let owner = RunRecord.Owner(host: "h", bootID: "b", pid: 1, startTicks: 1)
            guard case .claimed(let job) = try folder.claim("boats", owner: owner) else { return }
            try folder.remember(
                RemoteRecord(
                    attempt: 1, baseURL: endpoint, submittedAt: Timestamp(milliseconds: 1_795_442_400_000),
                    digest: "d"),
                of: job)
            job.lock.release()
        }
        try await Stage.play(try scene.backend(), prepared: prepared) { stage in
            try await stage.until("boats", is: .failed)
            #expect(try stage.spool.folder.view("boats")?.error?.code == .submitUnknown)
        }
        #expect(scene.fake.submits == 0)
    }

    @Test func waitingRun_tellsWhy() async throws {
        let fake = try FakeRunPod(
            life: { _ in .state("IN_QUEUE") }, health: #"{"jobs":{"inQueue":1},"workers":{"throttled":3}}"#)
        defer { fake.stop() }
        let backend = RunPodBackend(configuration: BackendConfiguration(runpod: try fake.settings()), haste: 40)
        try await Stage.play(backend) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until { try stage.spool.folder.view("boats")?.remoteHint == .waitingForGPU }
            let view = try #require(try stage.spool.folder.view("boats"))
            let json = view.json(at: stage.spool.folder.wallTime, policy: try Policy()).object
            #expect(json?["status_hint"] == "waiting_for_gpu")
            #expect(json?["status_message"] == .string(RemoteHint.waitingForGPU.sentence))
            // The hint stays as long as its reason does: further looks at the run take nothing back.
            let looks = fake.looks
            try await stage.until { fake.looks >= looks + 3 }
            #expect(try stage.spool.folder.view("boats")?.remoteHint == .waitingForGPU)
        }
    }
}
