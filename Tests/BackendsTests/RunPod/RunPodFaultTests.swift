import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// The fault matrix: whatever goes wrong on the way, at most one run is started, and the end is a structured one.
@Suite("RunPod faults", .timeLimit(.minutes(5)))
struct RunPodFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable () throws -> FakeRunPod
        /// Nil: it ends well.
        let code: FailureCode?
        /// Runs that were started.
        let accepted: Int
        /// The last that was remembered.
        let state: RemoteRecord.State

        init(
            _ name: String, _ code: FailureCode?, accepted: Int = 1, _ state: RemoteRecord.State = .collected,
            _ make: @escaping @Sendable () throws -> FakeRunPod
        ) {
            (testDescription, self.code, self.accepted, self.state, self.make) = (name, code, accepted, state, make)
        }
    }

    private static let usual = FakeRunPod.usual(FakeRunPod.inline)
    private static let page = FakeHTTPReply.text(502, "<html><body>Bad gateway</body></html>")
    private static let cut = FakeHTTPReply([.send(FakeHTTPReply.head(200, [("Content-Length", "500")])), .close])

    private static func onSecondLook(_ sight: FakeRunPod.Sight) -> @Sendable (Int) -> FakeRunPod.Sight {
        { look in look == 2 ? sight : usual(look) }
    }

    private static func always(_ sight: FakeRunPod.Sight) -> @Sendable (Int) -> FakeRunPod.Sight { { _ in sight } }

    /// The submit.
    static let submitFaults: [Fault] = [
        Fault("all is well", nil) { try FakeRunPod(life: usual) },
        Fault("lost during the POST", .submitUnknown, accepted: 0, .unknown) {
            try FakeRunPod(life: usual, listsRuns: true, welcome: { $0 == 1 ? .resetAfter(bytes: 40) : .serve })
        },
        Fault("lost after the POST, found again", nil) {
            try FakeRunPod(submit: { _ in .acceptAnd(.reset) }, life: usual, listsRuns: true)
        },
        Fault("lost after the POST, not listed", .submitUnknown, .unknown) {
            try FakeRunPod(submit: { _ in .acceptAnd(.reset) }, life: usual)
        },
        Fault("closed during the answer", nil) {
            try FakeRunPod(submit: { _ in .acceptAnd(cut) }, life: usual, listsRuns: true)
        },
        Fault("half an answer", .submitUnknown, .unknown) {
            try FakeRunPod(submit: { _ in .acceptAnd(.json(200, #"{"id":"run-1-u1","sta"#)) }, life: usual)
        },
        Fault("502 although it was taken", nil) {
            try FakeRunPod(submit: { _ in .acceptAnd(page) }, life: usual, listsRuns: true)
        },
        Fault("500 although it was taken, not listed", .submitUnknown, .unknown) {
            try FakeRunPod(submit: { _ in .acceptAnd(.json(500, #"{"error":"oops"}"#)) }, life: usual)
        },
        Fault("500 and not taken", .submitUnknown, accepted: 0, .unknown) {
            try FakeRunPod(submit: { _ in .refuse(.json(500, "{}")) }, life: usual, listsRuns: true)
        },
        Fault("a page although it was taken", nil) {
            try FakeRunPod(submit: { _ in .acceptAnd(.text(200, "<html>hello</html>")) }, life: usual, listsRuns: true)
        },
        Fault("401", .configError, accepted: 0, .ended) {
            try FakeRunPod(submit: { _ in .refuse(.text(401, "")) }, life: usual)
        },
        Fault("404", .configError, accepted: 0, .ended) {
            try FakeRunPod(submit: { _ in .refuse(.json(404, #"{"message":"Not Found"}"#)) }, life: usual)
        },
        Fault("400", .runpodSubmitError, accepted: 0, .ended) {
            try FakeRunPod(submit: { _ in .refuse(.json(400, #"{"error":"bad request"}"#)) }, life: usual)
        },
        Fault("a redirect", .configError, accepted: 0, .ended) {
            try FakeRunPod(submit: { _ in .refuse(.redirect(to: "https://elsewhere.example/run")) }, life: usual)
        },
        Fault("429, then taken", nil) {
            try FakeRunPod(
                submit: { $0 < 4 ? .refuse(.json(429, "{}", headers: [("Retry-After", "7")])) : .accept }, life: usual)
        },
        Fault("429 for ever", .runpodSubmitError, accepted: 0, .ended) {
            try FakeRunPod(submit: { _ in .refuse(.json(429, "{}")) }, life: usual)
        },
        Fault("400 with a job that failed", .runpodExecutionError, .ended) {
            let body = #"{"id":"run-1-u1","status":"FAILED","error":"Invalid image URL"}"#
            return try FakeRunPod(submit: { _ in .acceptAnd(.json(400, body)) }, life: usual)
        },
    ]

    /// The polls.
    static let pollFaults: [Fault] = [
        Fault("502 page once", nil) { try FakeRunPod(life: onSecondLook(.reply(page))) },
        Fault("429 once", nil) {
            try FakeRunPod(life: onSecondLook(.reply(.json(429, "{}", headers: [("Retry-After", "2")]))))
        },
        Fault("500 once", nil) { try FakeRunPod(life: onSecondLook(.reply(.json(500, "{}")))) },
        Fault("a page once", nil) { try FakeRunPod(life: onSecondLook(.reply(.text(200, "<html>hello</html>")))) },
        Fault("half an answer once", nil) {
            try FakeRunPod(life: onSecondLook(.reply(.json(200, #"{"id":"run-1-u1","status":"COMPL"#))))
        },
        Fault("reset once", nil) { try FakeRunPod(life: onSecondLook(.reply(.reset))) },
        Fault("cut once", nil) { try FakeRunPod(life: onSecondLook(.reply(cut))) },
        Fault("404 once", nil) { try FakeRunPod(life: onSecondLook(.reply(.json(404, "{}")))) },
        Fault("401 once", nil) { try FakeRunPod(life: onSecondLook(.reply(.text(401, "")))) },
        Fault("an unknown state", nil) { try FakeRunPod(life: onSecondLook(.state("PAUSED"))) },
        Fault("RUNNING", nil) { try FakeRunPod(life: onSecondLook(.state("RUNNING"))) },
        Fault("404 for ever", .runpodResultExpired, .ended) { try FakeRunPod(life: always(.reply(.json(404, "{}")))) },
        Fault("401 for ever", .configError, .running) { try FakeRunPod(life: always(.reply(.text(401, "")))) },
        Fault("FAILED", .runpodExecutionError, .ended) {
            try FakeRunPod(life: always(.state("FAILED", #","error":"{\"error_message\":\"boom\"}""#)))
        },
        Fault("TIMED_OUT", .runpodExecutionError, .ended) { try FakeRunPod(life: always(.state("TIMED_OUT"))) },
        Fault("CANCELLED over there", .runpodExecutionError, .canceled) {
            try FakeRunPod(life: always(.state("CANCELLED")))
        },
        Fault("progress after the end", .runpodExecutionError, .ended) {
            try FakeRunPod(life: always(.state("IN_PROGRESS", #","executionTime":9,"output":"9/10""#)))
        },
        Fault("COMPLETED without output", .runpodExecutionError, .ended) {
            try FakeRunPod(life: always(.state("COMPLETED", #","executionTime":9"#)))
        },
        Fault("ok: false inside COMPLETED", .runpodExecutionError, .ended) {
            try FakeRunPod(life: usual(output: #"{"ok":false,"message":"no model"}"#))
        },
        Fault("a path of the worker", .configError, .ended) {
            try FakeRunPod(life: usual(output: #"{"video":"simulated_uploaded/1a2b3c4d.mp4"}"#))
        },
    ]

    private static func usual(output: String) -> @Sendable (Int) -> FakeRunPod.Sight { FakeRunPod.usual(output) }

    @Test(arguments: submitFaults + pollFaults)
    func fault_startsAtMostOneRun_andEndsStructured(fault: Fault) async throws {
        let fake = try fault.make()
        defer { fake.stop() }
        let errand = try RunPodTrial(fake)
        let code = await errand.run()
        #expect(code == fault.code, "\(errand.message)")
        #expect(fake.accepted == fault.accepted)
        #expect(fake.accepted <= 1)
        #expect(errand.remembered.last?.state == fault.state)
        #expect(errand.remembered.first?.state == .submitting && errand.remembered.first?.id == nil)
        if code == nil { #expect(try errand.scratch.bytes("video.mp4") == FakeRunPod.film) }
        #expect(!errand.said.contains(FakeRunPod.key))
    }

    @Test func connectionRefused_sendsNothing_andSaysSo() async throws {
        let port = try FakeHTTPServer.DeadPort()
        let fake = try FakeRunPod(life: Self.usual)
        defer { fake.stop() }
        defer { withExtendedLifetime(port) {} }
        let endpoint = try RunPodEndpoint("http://127.0.0.1:\(port.number)/v2/ep1")
        let errand = try RunPodTrial(
            fake, settings: RunPodSettings(key: RunPodKey(FakeRunPod.key), endpoints: [.render: endpoint]))
        #expect(await errand.run() == .runpodSubmitError)
        #expect(errand.remembered.last?.state == .ended && fake.accepted == 0)
    }

    @Test func idIsRemembered_beforeTheFirstQuestion() async throws {
        let fake = try FakeRunPod(life: Self.usual)
        defer { fake.stop() }
        let seen = Mutex<[Int]>([])
        let errand = try RunPodTrial(fake) { record in
            seen.withLock { $0.append(fake.requests.count { $0.path.contains("/status/") }) }
            if record.state == .submitting { #expect(fake.submits == 0) }
        }
        #expect(await errand.run() == nil)
        #expect(seen.withLock { $0.prefix(2) } == [0, 0])
        #expect(errand.remembered[1].id == "run-1-u1" && errand.remembered[1].state == .running)
    }

    @Test func intentThatCannotBeRemembered_isNeverSent() async throws {
        let fake = try FakeRunPod(life: Self.usual)
        defer { fake.stop() }
        let errand = try RunPodTrial(fake) { _ in throw Failure(.diskFull, "full") }
        #expect(await errand.run() == .diskFull)
        #expect(fake.submits == 0)
    }

    /// Everything that another owner may find, and what it then asks RunPod.
    @Test(arguments: [RemoteRecord.State.submitting, .running, .collected])
    func takenUpAgain_neverSubmits(state: RemoteRecord.State) async throws {
        let fake = try FakeRunPod(life: Self.usual, listsRuns: true)
        defer { fake.stop() }
        let first = try RunPodTrial(fake)
        #expect(await first.run() == nil)
        var record = try #require(first.remembered.last)
        record.state = state
        if state == .submitting { record.id = nil }
        let second = try RunPodTrial(fake, remote: record)
        #expect(await second.run() == nil, "\(second.message)")
        #expect(fake.accepted == 1 && fake.submits == 1)
        #expect(try second.scratch.bytes("video.mp4") == FakeRunPod.film)
    }

    @Test func takenUpAgain_expired_isSaidSo() async throws {
        let fake = try FakeRunPod(life: Self.always(.reply(.json(404, #"{"error":"job not found"}"#))))
        defer { fake.stop() }
        let record = RemoteRecord(
            attempt: 1, baseURL: fake.endpoint, id: "run-9-u1", state: .running,
            submittedAt: Timestamp(milliseconds: 1_795_442_400_000), digest: "d")
        let errand = try RunPodTrial(fake, remote: record)
        #expect(await errand.run() == .runpodResultExpired)
        #expect(fake.submits == 0)
    }

    @Test func takenUpAgain_atAStrangersHost_keepsTheKeyAtHome() async throws {
        let (fake, stranger) = (try FakeRunPod(life: Self.usual), try FakeRunPod(life: Self.usual))
        defer {
            fake.stop()
            stranger.stop()
        }
        let record = RemoteRecord(
            attempt: 1, baseURL: stranger.endpoint, id: "run-1-u1", state: .running,
            submittedAt: Timestamp(milliseconds: 1_795_442_400_000), digest: "d")
        let errand = try RunPodTrial(fake, remote: record)
        #expect(await errand.run() == .configError)
        #expect(stranger.requests.isEmpty && fake.requests.isEmpty)
    }

    @Test func otherWork_isAnotherRun() async throws {
        let fake = try FakeRunPod(life: Self.usual)
        defer { fake.stop() }
        let record = RemoteRecord(
            attempt: 7, baseURL: fake.endpoint, id: "run-7-u1", state: .running,
            submittedAt: Timestamp(milliseconds: 1_795_442_400_000), digest: "of something else")
        let errand = try RunPodTrial(fake, remote: record)
        #expect(await errand.run() == nil)
        #expect(fake.accepted == 1 && errand.remembered.first?.attempt == 1)
    }

    // MARK: - Results at an address

    private static func serving(_ file: @escaping @Sendable (FakeHTTPRequest) -> FakeHTTPReply) throws -> FakeRunPod {
        let place = Mutex("")
        let fake = try FakeRunPod(
            life: { look in FakeRunPod.usual(#"{"video_url":"\#(place.withLock { $0 })"}"#)(look) },
            files: { request in request.path == "/a.mp4" ? file(request) : nil })
        place.withLock { $0 = fake.url("/a.mp4") }
        return fake
    }

    @Test func address_isFetched_withoutTheKey() async throws {
        let fake = try Self.serving {
            .bytes(200, FakeRunPod.film, headers: [("Content-Type", "image/png"), ("X", $0.path)])
        }
        defer { fake.stop() }
        let errand = try RunPodTrial(fake, settings: fake.settings(price: 0.0002))
        #expect(await errand.run() == nil)
        #expect(try errand.scratch.bytes("video.mp4") == FakeRunPod.film)
        let fetch = try #require(fake.requests.first { $0.path == "/a.mp4" })
        #expect(fetch["Authorization"] == nil)
        #expect(errand.remembered.last?.usage.sentence == "queue 2.4 s, GPU 41.2 s, $0.0082")
    }

    @Test func address_brokenInTheMiddle_isResumed() async throws {
        let tries = Mutex(0)
        let fake = try Self.serving { request in
            let number = tries.withLock { tries in
                tries += 1
                return tries
            }
            guard number == 1 else { return .file(FakeRunPod.film, tag: "\"a\"", for: request) }
            let head = FakeHTTPReply.head(
                200, [("Content-Length", "\(FakeRunPod.film.count)"), ("ETag", "\"a\""), ("Accept-Ranges", "bytes")])
            return FakeHTTPReply([.send(head + FakeRunPod.film.prefix(2000)), .reset])
        }
        defer { fake.stop() }
        let errand = try RunPodTrial(fake)
        #expect(await errand.run() == nil, "\(errand.message)")
        #expect(try errand.scratch.bytes("video.mp4") == FakeRunPod.film)
        #expect(fake.accepted == 1)
    }

    @Test func address_thatOpensNoMore_isExpired() async throws {
        let fake = try Self.serving { _ in .text(403, "Request has expired") }
        defer { fake.stop() }
        let errand = try RunPodTrial(fake)
        #expect(await errand.run() == .runpodResultExpired)
        #expect(errand.remembered.last?.state == .ended)
    }

    @Test func address_thatIsAPage_isNoResult() async throws {
        let fake = try Self.serving { _ in .text(200, "<html>please log in</html>") }
        defer { fake.stop() }
        let errand = try RunPodTrial(fake)
        #expect(await errand.run() == .runpodExecutionError)
    }

    // MARK: - The end

    @Test func stopped_whileTheAnswerToTheSubmitIsOnItsWay_remembersTheRun() async throws {
        let gate = Gate()
        let answer = FakeHTTPReply(
            [.wait(gate)] + FakeHTTPReply.json(200, #"{"id":"run-1-u1","status":"IN_QUEUE"}"#).steps)
        let fake = try FakeRunPod(submit: { _ in .acceptAnd(answer) }, life: Self.usual)
        defer { fake.stop() }
        let errand = try RunPodTrial(fake)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await errand.run() }
            await fake.received(1)
            group.cancelAll()
            gate.open()
        }
        #expect(errand.remembered.last?.id == "run-1-u1" && errand.remembered.last?.isAttachable == true)
        #expect(errand.isCancelled)
    }

    @Test func end_cancels_andTellsWhatWasUsed() async throws {
        let fake = try FakeRunPod(life: Self.always(.state("IN_PROGRESS")), cancel: { $0 == 1 ? .text(502, "") : nil })
        defer { fake.stop() }
        let errand = try RunPodTrial(fake, settings: fake.settings(price: 0.001))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await errand.run() }
            await fake.received(4)
            group.cancelAll()
        }
        let record = try #require(errand.remembered.last)
        let once = await errand.backend.end(record)
        #expect(once.mayBill, "an edge said 502: nothing is confirmed")
        let twice = await errand.backend.end(once)
        #expect(twice.state == .canceled && twice.usage.sentence == "queue 1.5 s, GPU 2.5 s, $0.0025")
    }
}
