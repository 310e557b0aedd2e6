import JobCore
import Spool
import Synchronization
import TestSupport
import Testing

@testable import Backends
@testable import Engine

/// A daemon and an object storage that does what a test wants.
@Suite(.timeLimit(.minutes(3))) struct PublisherTests {
    private static let render = #"{"type":"RENDER","params":{"prompt":"x"}}"#

    /// A switch that a test and its storage share.
    private final class Flag: Sendable {
        private let value: Mutex<Bool>
        init(_ value: Bool) { self.value = Mutex(value) }
        var isOn: Bool { value.withLock { $0 } }
        func set(_ isOn: Bool) { value.withLock { $0 = isOn } }
    }

    /// A text that is known once its server runs.
    private final class Address: Sendable {
        private let value = Mutex("")
        var text: String { value.withLock { $0 } }
        func set(_ text: String) { value.withLock { $0 = text } }
    }

    private static func backend(bytes: Int = 100) -> ScriptedBackend {
        ScriptedBackend(.produce(ProducedFile(name: "data.bin", kind: .data), [UInt8](repeating: 7, count: bytes)))
    }

    private static func settings(_ fake: FakeStorage, _ more: [SettingKey: String] = [:]) -> [SettingKey: String] {
        let own: [SettingKey: String] = [
            .s3Bucket: FakeStorage.bucket, .storageEndpoint: fake.endpoint, .storageKeyID: FakeStorage.keyID,
            .storageSecret: FakeStorage.secret,
        ]
        return own.merging(more) { _, new in new }
    }

    private static func publication(_ stage: Stage) throws -> Publication? {
        try stage.spool.folder.view("boats")?.publication
    }

    private static func untilPublished(_ stage: Stage) async throws {
        try await stage.until { try publication(stage)?.isPublished == true }
        try await stage.until { try stage.spool.folder.storageEntries().isEmpty }
    }

    @Test func artifacts_arePublishedBeforeTheJobIsDone_andLinkedWithoutASignatureOnDisk() async throws {
        let fake = try FakeStorage()
        defer { fake.stop() }
        try await Stage.play(Self.backend(), settings: Self.settings(fake)) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            let view = try #require(try stage.spool.folder.view("boats"))
            let publication = try #require(view.publication)
            #expect(publication.isPublished && publication.error == nil && view.warnings == [])
            #expect(fake.objects == [publication.folder.prefix + "data.bin": 100])
            let link = view.links(through: fake.access(), at: stage.spool.folder.wallTime)[0]
            #expect(link.hasPrefix(fake.endpoint) && link.contains("X-Amz-Signature="))
            let document = try stage.document("boats")
            #expect(document[.outputURLs] == [.string("s3://films/\(publication.folder.prefix)data.bin")])
            #expect(!String(decoding: document.bytes, as: UTF8.self).contains("X-Amz"))
            try await Self.untilPublished(stage)
            try await stage.until { stage.indexed("boats")?.publication == publication }
        }
    }

    @Test func largeArtifact_goesInParts() async throws {
        let fake = try FakeStorage()
        defer { fake.stop() }
        try await Stage.play(Self.backend(bytes: 1500), settings: Self.settings(fake), partSize: 400) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            #expect(fake.objects.values.sorted() == [1500] && fake.uploads.isEmpty)
            #expect(fake.requests.count { $0.query.contains("partNumber") } == 4)
        }
    }

    /// S3 takes no parts below 5 MiB, but for the last one.
    @Test func largeArtifact_goesInParts_toARealServer() async throws {
        try await SeaweedServer.use { server in
            let store = try await server.makeBucket("films")
            let settings: [SettingKey: String] = [
                .s3Bucket: "films", .storageEndpoint: server.endpoint.text, .storageKeyID: SeaweedServer.keyID,
                .storageSecret: SeaweedServer.secret, .storageRegion: "us-east-1",
            ]
            try await Stage.play(Self.backend(bytes: 6_000_001), settings: settings, partSize: 5 << 20) { stage in
                try stage.drop("boats", Self.render)
                try await stage.until("boats", is: .done)
                let publication = try #require(try Self.publication(stage))
                #expect(publication.isPublished, "\(publication.error?.description ?? "")")
                #expect(try await store.list(prefix: publication.folder.prefix).map(\.size) == [6_000_001])
                #expect(try stage.spool.folder.delete("boats") == .deleted(artifacts: 1))
                try await stage.untilSaid("nothing of it is left in object storage")
                #expect(try await store.list(prefix: "").isEmpty)
            }
        }
    }

    @Test func wrongSecret_leavesTheJobDone_andTheRightOnePublishes_withoutASecondRun() async throws {
        let isWrong = Flag(true)
        let fake = try FakeStorage { _ in isWrong.isOn ? FakeStorage.wrongSecret : nil }
        defer { fake.stop() }
        let (spool, backend) = (try TemporarySpool(), Self.backend())
        try await Stage.play(backend, settings: Self.settings(fake), sharing: spool) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            let view = try #require(try stage.spool.folder.view("boats"))
            #expect(view.publication?.isPublished == false && view.publication?.error?.code == .configError)
            #expect(view.publication?.error?.hint.contains("AWS_SECRET_ACCESS_KEY") == true)
            #expect(view.warnings.count == 1 && view.warnings[0].contains("config_error"))
            #expect(view.links(through: fake.access(), at: stage.spool.folder.wallTime) == view.outputURLs)
            #expect(try stage.exists(SpoolLayout.scratch("boats", attempt: 1) + "/data.bin"))
            try await stage.until { stage.indexed("boats")?.publication?.isPublished == false }
            #expect(stage.journal.count(FakeStorage.secret) == 0)
        }
        #expect(fake.isEmpty)
        isWrong.set(false)
        try await Stage.play(backend, settings: Self.settings(fake), sharing: spool) { stage in
            try await Self.untilPublished(stage)
            try await stage.until { stage.indexed("boats")?.publication?.isPublished == true }
            let view = try #require(try stage.spool.folder.view("boats"))
            #expect(view.warnings == [] && view.attempt == 1)
            #expect(fake.objects.keys.first == (view.publication?.folder.prefix ?? "") + "data.bin")
        }
        #expect(backend.requests.count == 1)
    }

    /// A storage that refuses is asked once a round, not once for each job that waits.
    @Test func manyThatWait_areAllPublished_onceTheStorageTakesThem() async throws {
        let isWrong = Flag(true)
        let fake = try FakeStorage { _ in isWrong.isOn ? FakeStorage.wrongSecret : nil }
        defer { fake.stop() }
        let (spool, backend) = (try TemporarySpool(), Self.backend())
        let ids = (1...5).compactMap { JobID("boats-\($0)") }
        try await Stage.play(backend, settings: Self.settings(fake), sharing: spool) { stage in
            for id in ids { try stage.drop(id, Self.render) }
            for id in ids { try await stage.until(id, is: .done) }
        }
        isWrong.set(false)
        try await Stage.play(backend, settings: Self.settings(fake), sharing: spool) { stage in
            try await stage.until { try stage.spool.folder.storageEntries().isEmpty }
            for id in ids { #expect(try stage.spool.folder.view(id)?.publication?.isPublished == true) }
            #expect(fake.objects.count == 5 && backend.requests.count == 5)
        }
    }

    @Test func missingKey_leavesTheJobDone_andNamesTheSetting() async throws {
        let fake = try FakeStorage()
        defer { fake.stop() }
        let spool = try TemporarySpool()
        try await Stage.play(Self.backend(), settings: [.s3Bucket: "films"], sharing: spool) { stage in
            try await stage.untilSaid("what jobs make cannot be published")
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            #expect(try Self.publication(stage)?.error?.message.hasPrefix("AWS_ACCESS_KEY_ID is missing") == true)
        }
        try await Stage.play(Self.backend(), settings: Self.settings(fake), sharing: spool) { stage in
            try await Self.untilPublished(stage)
            #expect(fake.objects.count == 1)
        }
    }

    @Test func passingTroubles_arePassedOver() async throws {
        let fake = try FakeStorage { request in
            switch request.number {
            case 1: .text(503, "<Error><Code>SlowDown</Code></Error>")
            case 2: .reset
            case 3...8: .text(500, "")
            default: nil
            }
        }
        defer { fake.stop() }
        try await Stage.play(Self.backend(), settings: Self.settings(fake)) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            #expect(try Self.publication(stage)?.isPublished == true)
        }
    }

    @Test func deadStorage_leavesTheJobDone_andTheOneThatIsSetLaterGetsTheFilm() async throws {
        let (fake, port) = (try FakeStorage(), try FakeHTTPServer.DeadPort())
        defer { fake.stop() }
        let spool = try TemporarySpool()
        let dead = Self.settings(fake, [.storageEndpoint: "http://127.0.0.1:\(port.number)"])
        try await Stage.play(Self.backend(), settings: dead, sharing: spool) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            let publication = try #require(try Self.publication(stage))
            #expect(!publication.isPublished && publication.error?.isRetryable == true)
        }
        try await Stage.play(Self.backend(), settings: Self.settings(fake), sharing: spool) { stage in
            try await Self.untilPublished(stage)
            #expect(fake.objects.count == 1)
        }
    }

    /// Where the upload is when the cancel comes; what was sent by then has arrived.
    @Test(arguments: ["PUT", "begin", "part 2", "complete"])
    func cancel_whileItIsStored_leavesNothing(step: String) async throws {
        let (reached, gate) = (Gate(), Gate())
        let place = Mutex<FakeStorage?>(nil)
        let fake = try FakeStorage { request in
            let isHere =
                switch step {
                case "begin": request.query == "uploads="
                case "part 2": request.query.contains("partNumber=2")
                case "complete": request.method == "POST" && request.query.hasPrefix("uploadId")
                default: request.method == "PUT"
                }
            guard isHere, !gate.isOpen, let fake = place.withLock({ $0 }) else { return nil }
            let reply = fake.honest(request)
            reached.open()
            return FakeHTTPReply([.wait(gate)] + reply.steps)
        }
        place.withLock { $0 = fake }
        defer {
            gate.open()
            fake.stop()
            place.withLock { $0 = nil }
        }
        let settings = Self.settings(fake)
        let partSize: Int64? = step == "PUT" ? nil : 400
        try await Stage.play(Self.backend(bytes: 1001), settings: settings, partSize: partSize) { stage in
            try stage.drop("boats", Self.render)
            await reached.passed()
            #expect(!fake.isEmpty)
            try await stage.until { try stage.spool.folder.view("boats")?.progress == 99 }
            #expect(try stage.spool.folder.cancel("boats") == .canceled)
            try await stage.untilSaid("nothing of it is left in object storage")
            #expect(fake.isEmpty, "\(fake.objects) \(fake.uploads)")
            let view = try #require(try stage.spool.folder.view("boats"))
            #expect(view.state == .canceled && view.artifacts.isEmpty && view.outputURLs.isEmpty)
            #expect(try view.publication == nil && stage.spool.folder.storageEntries().isEmpty)
            #expect(try !stage.exists(SpoolLayout.scratch("boats", attempt: 1)))
        }
    }

    @Test func cancel_whileTheResultIsFetched_leavesNothing_andStoresNothing() async throws {
        let (reached, place) = (Gate(), Address())
        let runpod = try FakeRunPod(
            life: { look in FakeRunPod.usual(#"{"video_url":"\#(place.text)"}"#)(look) },
            files: { _ in
                reached.open()
                let head = FakeHTTPReply.head(200, [("Content-Length", "\(FakeRunPod.film.count)")])
                return FakeHTTPReply([.send(head + FakeRunPod.film.prefix(2000)), .hang])
            })
        place.set(runpod.url("/film.mp4"))
        let fake = try FakeStorage()
        defer {
            runpod.stop()
            fake.stop()
        }
        let backend = RunPodBackend(configuration: BackendConfiguration(runpod: try runpod.settings()), haste: 40)
        try await Stage.play(backend, settings: Self.settings(fake)) { stage in
            try stage.drop("boats", #"{"type":"RENDER","backend":"runpod","params":{"prompt":"x"}}"#)
            await reached.passed()
            #expect(try stage.spool.folder.cancel("boats") == .canceled)
            try await stage.untilNobodyOwns("boats")
            try await stage.until { try !stage.exists(SpoolLayout.scratch("boats", attempt: 1)) }
            let view = try #require(try stage.spool.folder.view("boats"))
            #expect(view.state == .canceled && view.artifacts.isEmpty && view.outputURLs.isEmpty)
            #expect(try fake.requests.isEmpty && stage.spool.folder.storageEntries().isEmpty)
            #expect(runpod.submits == 1)
        }
    }

    @Test func stop_whileItIsStored_keepsWhatWasMade_andTheNextDaemonStoresIt() async throws {
        let (reached, isSlow) = (Gate(), Flag(true))
        let fake = try FakeStorage { request in
            guard isSlow.isOn, request.method == "PUT" else { return nil }
            reached.open()
            return .hang
        }
        defer { fake.stop() }
        let (spool, backend) = (try TemporarySpool(), Self.backend())
        try await Stage.play(backend, settings: Self.settings(fake), sharing: spool) { stage in
            try stage.drop("boats", Self.render)
            await reached.passed()
            stage.stop()
            try await stage.untilSaid("notice stopped")
            #expect(try stage.spool.folder.state(of: "boats") == .done)
            #expect(try Self.publication(stage)?.isPublished == false)
        }
        isSlow.set(false)
        try await Stage.play(backend, settings: Self.settings(fake), sharing: spool) { stage in
            try await Self.untilPublished(stage)
        }
        #expect(backend.requests.count == 1 && fake.objects.count == 1)
    }

    @Test func ownerThatDied_leavesNothingOfItsAttempt() async throws {
        let fake = try FakeStorage()
        defer { fake.stop() }
        let place = try #require(fake.access()?.place)
        let prepared: (TemporarySpool) throws -> Void = { spool in
            try spool.drop("queued/boats.json", Array(Self.render.utf8))
            _ = try spool.folder.admit("boats.json", isClosed: true, policy: try Policy())
            let owner = RunRecord.Owner(host: "h", bootID: "b", pid: 1, startTicks: 1)
            guard case .claimed(let job) = try spool.folder.claim("boats", owner: owner) else { return }
            let entry = try spool.folder.beginStorage(of: job, at: place).entry
            fake.place(entry.folder.prefix + "data.bin", size: 3)
            fake.beginUpload(entry.folder.prefix + "large.bin")
            job.lock.release()
        }
        try await Stage.play(Self.backend(), settings: Self.settings(fake), prepared: prepared) { stage in
            try await Self.untilPublished(stage)
            let publication = try #require(try Self.publication(stage))
            #expect(publication.folder.attempt == 2)
            #expect(fake.objects == [publication.folder.prefix + "data.bin": 100] && fake.uploads.isEmpty)
        }
    }

    @Test func delete_whileTheStorageIsDown_isOverAtOnce_andALaterDaemonRemovesTheObjects() async throws {
        let isDown = Flag(false)
        let fake = try FakeStorage { _ in isDown.isOn ? .text(503, "") : nil }
        defer { fake.stop() }
        let spool = try TemporarySpool()
        try await Stage.play(Self.backend(), settings: Self.settings(fake), sharing: spool) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            try await Self.untilPublished(stage)
            isDown.set(true)
            #expect(try stage.spool.folder.delete("boats") == .deleted(artifacts: 1))
            try await stage.untilSaid("objects could not be removed yet")
            #expect(try !stage.exists(SpoolLayout.record("boats")) && fake.objects.count == 1)
        }
        isDown.set(false)
        try await Stage.play(Self.backend(), settings: Self.settings(fake), sharing: spool) { stage in
            try await stage.untilSaid("nothing of it is left in object storage")
            #expect(try fake.isEmpty && stage.spool.folder.storageEntries().isEmpty)
        }
    }

    @Test func fileRemovedByHand_takesTheObjectsAlong() async throws {
        let fake = try FakeStorage()
        defer { fake.stop() }
        try await Stage.play(Self.backend(), settings: Self.settings(fake)) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            try await Self.untilPublished(stage)
            try stage.spool.files.remove(SpoolLayout.token("boats", in: .done))
            try await stage.untilSaid("nothing of it is left in object storage")
            #expect(fake.isEmpty)
        }
    }

    @Test func retry_takesTheOldObjectsAway_onceTheNextAttemptRuns() async throws {
        let fake = try FakeStorage()
        defer { fake.stop() }
        try await Stage.play(Self.backend(), settings: Self.settings(fake)) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            try await Self.untilPublished(stage)
            try stage.spool.folder.retry("boats")
            try await stage.untilSaid("nothing of it is left in object storage")
            try await stage.until { try Self.publication(stage)?.folder.attempt == 2 }
            try await Self.untilPublished(stage)
            let publication = try #require(try Self.publication(stage))
            #expect(fake.objects == [publication.folder.prefix + "data.bin": 100])
        }
    }

    @Test func restoredCopy_touchesNoStorage_beforeAPersonResumes() async throws {
        let fake = try FakeStorage()
        defer { fake.stop() }
        let prepared: (TemporarySpool) throws -> Void = { try $0.drop(SpoolLayout.pausedPaid, []) }
        try await Stage.play(Self.backend(), settings: Self.settings(fake), prepared: prepared) { stage in
            try stage.drop("boats", Self.render)
            try await stage.until("boats", is: .done)
            #expect(try fake.requests.isEmpty && Self.publication(stage)?.isPublished == false)
            try stage.spool.folder.resume()
            try await Self.untilPublished(stage)
        }
    }
}
