import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

/// Answers of RunPod at the limit of what is read, and one byte past it: nothing is lost, nothing submitted twice.
@Suite("RunPod limits", .timeLimit(.minutes(5)))
struct RunPodLimitTests {
    private static let mebibyte = 1 << 20

    /// A job object of exactly so many bytes.
    private static func report(_ state: String, _ count: Int) -> FakeHTTPReply {
        let text = #"{"id":"run-1-u1","status":"\#(state)","executionTime":2500"#
        return .json(200, text + String(repeating: " ", count: count - text.utf8.count - 1) + "}")
    }

    private static func always(_ state: String) -> @Sendable (Int) -> FakeRunPod.Sight { { _ in .state(state) } }

    /// A run that is under way and then unwanted.
    private func record(_ fake: FakeRunPod, id: String? = "run-1-u1", age: Duration = .seconds(90)) -> RemoteRecord {
        RemoteRecord(
            attempt: 1, baseURL: fake.endpoint, id: id, state: id == nil ? .submitting : .running,
            submittedAt: Timestamp(milliseconds: Timestamp.wall.milliseconds - age.milliseconds), digest: "d",
            timeToLive: .seconds(3600))
    }

    private func submitted(_ fake: FakeRunPod) async throws {
        let body = HTTPRequest.Body.bytes(Array(#"{"input":{"prompt":"x"}}"#.utf8))
        let url = try #require(WebURL("\(fake.endpoint)/run"))
        let answer = try await HTTPClient.shared.send(
            HTTPRequest(.post, url, headers: ["Authorization": "Bearer \(FakeRunPod.key)"], body: body))
        try #require(answer.status == 200)
    }

    // MARK: - The answer to a cancel

    @Test(arguments: ["CANCELLED", "COMPLETED"]) func cancel_atTheLimit_isBelieved(state: String) async throws {
        let fake = try FakeRunPod(
            life: Self.always("IN_PROGRESS"), cancel: { _ in Self.report(state, Self.mebibyte) })
        defer { fake.stop() }
        try await submitted(fake)
        let ended = try await RunPodTrial(fake).backend.end(record(fake))
        #expect(ended.state == (state == "CANCELLED" ? .canceled : .ended) && ended.usage.execution == 2500)
        #expect(fake.cancels == 1)
    }

    /// What the status says of the run whose cancel was answered with too much.
    @Test(arguments: [("COMPLETED", RemoteRecord.State.ended), ("CANCELLED", .canceled), ("IN_PROGRESS", .running)])
    func cancel_pastTheLimit_isAskedFor(state: String, end: RemoteRecord.State) async throws {
        let fake = try FakeRunPod(
            life: Self.always(state), cancel: { $0 == 1 ? Self.report("COMPLETED", Self.mebibyte + 1) : nil })
        defer { fake.stop() }
        try await submitted(fake)
        let backend = try RunPodTrial(fake).backend
        let ended = await backend.end(record(fake))
        #expect(ended.state == end)
        // What is not confirmed is tried again, until it is.
        #expect(ended.mayBill == (state == "IN_PROGRESS"))
        if ended.mayBill { #expect(await backend.end(ended).state == .canceled) }
        #expect(fake.submits == 1)
    }

    // MARK: - The list of runs

    private static let largestList = 12 * mebibyte

    @Test(arguments: [0, 1]) func list_atTheLimit_andOnePastIt(excess: Int) async throws {
        let fake = try FakeRunPod(
            submit: { _ in .acceptAnd(.reset) }, life: FakeRunPod.usual(FakeRunPod.inline), listsRuns: true,
            listLength: Self.largestList + excess)
        defer { fake.stop() }
        let trial = try RunPodTrial(fake)
        let code = await trial.run()
        #expect(code == (excess == 0 ? nil : .submitUnknown), "\(trial.message)")
        #expect(trial.remembered.last?.state == (excess == 0 ? .collected : .unknown))
        #expect(fake.submits == 1 && fake.accepted == 1)
    }

    /// A request as large as RunPod takes is found again.
    @Test func largestRequest_isFoundInTheList() async throws {
        let fake = try FakeRunPod(
            submit: { _ in .acceptAnd(.reset) }, life: FakeRunPod.usual(FakeRunPod.inline), listsRuns: true)
        defer { fake.stop() }
        let long = String(repeating: "x", count: 10 * Self.mebibyte - 2000)
        let trial = try RunPodTrial(fake, params: ["prompt": "boats", "extra": .string(long)])
        #expect(await trial.run() == nil, "\(trial.message)")
        #expect(fake.submits == 1 && fake.accepted == 1)
    }

    @Test(arguments: [(3600 + 1800 + 5, RemoteRecord.State.unknown), (3600, .submitting)])
    func listThatNeverAnswers_isAskedNoLonger_thanRunPodRemembers(age: Int, end: RemoteRecord.State) async throws {
        let fake = try FakeRunPod(life: Self.always("IN_PROGRESS"))
        defer { fake.stop() }
        let ended = try await RunPodTrial(fake).backend.end(record(fake, id: nil, age: .seconds(age)))
        #expect(ended.state == end && fake.cancels == 0)
    }

    // MARK: - The answer to a submit

    @Test(arguments: [0, 1]) func submit_atTheLimit_andOnePastIt(excess: Int) async throws {
        let fake = try FakeRunPod(
            submit: { _ in .acceptAnd(Self.report("IN_QUEUE", Self.mebibyte + excess)) },
            life: FakeRunPod.usual(FakeRunPod.inline), listsRuns: true)
        defer { fake.stop() }
        let trial = try RunPodTrial(fake)
        #expect(await trial.run() == nil, "\(trial.message)")
        // Past it the run is looked for, and found.
        #expect(fake.requests.contains { $0.path.hasSuffix("/requests") } == (excess == 1))
        #expect(fake.submits == 1 && fake.accepted == 1)
        #expect(try trial.scratch.bytes("video.mp4") == FakeRunPod.film)
    }
}
