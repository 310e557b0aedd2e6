import JobCore
import Testing

/// The submit machine: what follows from each answer, and that nothing is ever submitted twice.
@Suite("RunPod run")
struct RunPodRunTests {
    private static let start = Timestamp(milliseconds: 1_795_442_400_000)

    private static var record: RemoteRecord {
        RemoteRecord(
            attempt: 1, baseURL: "https://api.runpod.ai/v2/ep", submittedAt: start, digest: "d",
            timeToLive: .seconds(86_400))
    }

    private static func run(_ state: RemoteRecord.State? = nil, id: String? = nil, price: Double? = nil) -> RunPodRun {
        var record = record
        if let state { (record.state, record.id) = (state, id) }
        return RunPodRun(record, executionTimeout: .seconds(3600), price: price, seed: 1)
    }

    private static func reply(_ status: Int, _ body: String) -> RunPodReply {
        RunPodReply(status: status, body: Array(body.utf8))
    }

    private static func saved(_ steps: [RunPodRun.Step]) -> [RemoteRecord] {
        steps.compactMap { if case .save(let record) = $0 { record } else { nil } }
    }

    private static func failure(_ steps: [RunPodRun.Step]) -> Failure? {
        if case .fail(let failure)? = steps.last { failure } else { nil }
    }

    private static func polls(_ steps: [RunPodRun.Step]) -> Bool {
        if case .poll? = steps.last { true } else { false }
    }

    private static func looks(_ steps: [RunPodRun.Step]) -> Bool {
        if case .look? = steps.last { true } else { false }
    }

    private static func submits(_ steps: [RunPodRun.Step]) -> Bool {
        steps.contains { if case .submit = $0 { true } else { false } }
    }

    private static let accepted = RunPodRun.Sending.reply(reply(200, #"{"id":"a-u1","status":"IN_QUEUE"}"#))

    @Test func start_new_savesTheIntentBeforeItSubmits() {
        var run = Self.run()
        let steps = run.start(isNew: true)
        #expect(steps == [.save(Self.record), .submit(after: .zero)])
    }

    @Test func accepted_savesTheIDBeforeItPolls() {
        var run = Self.run()
        _ = run.start(isNew: true)
        let steps = run.handle(Self.accepted)
        guard case .save(let record)? = steps.first else {
            Issue.record("\(steps)")
            return
        }
        #expect(record.id == "a-u1" && record.state == .running)
        #expect(Self.polls(steps))
    }

    @Test func start_again_neverSubmits() {
        for state in RemoteRecord.State.allCases {
            for id in [nil, "a-u1"] {
                var run = Self.run(state, id: id)
                let steps = run.start(isNew: false)
                #expect(!Self.submits(steps), "\(state)")
                switch state {
                case .submitting: #expect(Self.looks(steps))
                case .running: #expect(id == nil ? Self.looks(steps) : Self.polls(steps))
                case .collected: #expect(steps == [.keep([])])
                case .ended, .canceled, .unknown: #expect(Self.failure(steps)?.code == .runpodResultExpired)
                }
            }
        }
    }

    @Test func notSent_isSentAgain_andGivesUpWithoutHavingPaid() {
        var run = Self.run()
        _ = run.start(isNew: true)
        var submits = 0
        var steps: [RunPodRun.Step] = []
        repeat {
            steps = run.handle(.notSent("connection refused"))
            if Self.submits(steps) { submits += 1 }
        } while Self.submits(steps) && submits < 100
        #expect(submits == RunPodRun.submitTries - 1)
        #expect(Self.failure(steps)?.code == .runpodSubmitError && Self.failure(steps)?.isRetryable == true)
        #expect(Self.saved(steps).last?.state == .ended)
    }

    @Test func brokenSubmit_looks_andEndsUnknownWhenNothingIsFound() {
        var run = Self.run()
        _ = run.start(isNew: true)
        var steps = run.handle(.broken("reset"))
        #expect(Self.looks(steps))
        for _ in 0..<(RunPodRun.lookTries - 1) {
            steps = run.handle(.noAnswer("HTTP 404"))
            #expect(Self.looks(steps))
        }
        steps = run.handle(.notFound)
        #expect(Self.failure(steps)?.code == .submitUnknown)
        #expect(Self.saved(steps).last?.state == .unknown)
    }

    @Test func brokenSubmit_found_goesOnWithThatRun() {
        var run = Self.run()
        _ = run.start(isNew: true)
        _ = run.handle(.broken("reset"))
        let steps = run.handle(.found(id: "a-u1"))
        #expect(Self.saved(steps).last?.id == "a-u1" && Self.polls(steps))
    }

    /// Invariant 1 over random lives: after anything that may have arrived nothing is submitted, whatever follows.
    @Test func randomLives_neverSubmitTwice() {
        for seed in 0..<4000 {
            var random = SeededRandom(UInt64(seed))
            var run = Self.run()
            var steps = run.start(isNew: true)
            var mayHaveArrived = false
            for _ in 0..<40 where Self.failure(steps) == nil {
                if Self.submits(steps) {
                    #expect(!mayHaveArrived, "seed \(seed) submits a second time")
                    let answers: [RunPodRun.Sending] = [
                        .notSent("refused"), .reply(Self.reply(429, "")), .broken("reset"),
                        .reply(Self.reply(502, "<html>")), Self.accepted,
                    ]
                    let index = Int.random(in: 0..<answers.count, using: &random)
                    mayHaveArrived = index > 1
                    steps = run.handle(answers[index])
                } else if Self.looks(steps) {
                    let isFound = Int.random(in: 0..<4, using: &random) == 0
                    steps = run.handle(isFound ? .found(id: "a-u1") : .notFound)
                } else {
                    let answers = [
                        (200, "IN_QUEUE"), (200, "IN_PROGRESS"), (404, "x"), (401, ""), (500, ""), (200, "ODD"),
                    ]
                    let (status, word) = answers[Int.random(in: 0..<answers.count, using: &random)]
                    let body = #"{"id":"a-u1","status":"\#(word)"}"#
                    steps = run.handle(.reply(Self.reply(status, status == 200 ? body : "")), at: Self.start)
                }
            }
        }
    }

    @Test func poll_completed_isCollectedWithItsFigures() {
        var run = Self.run(.running, id: "a-u1", price: 0.0002)
        let body = #"{"id":"a-u1","status":"COMPLETED","delayTime":2400,"executionTime":41200,"output":{"video":"x"}}"#
        let steps = run.handle(.reply(Self.reply(200, body)), at: Self.start)
        guard case .collect(let report)? = steps.last else {
            Issue.record("\(steps)")
            return
        }
        #expect(report.output == ["video": "x"])
        let usage = Self.saved(steps).last?.usage
        #expect(usage?.delay == 2400 && usage?.execution == 41_200)
        #expect(usage?.sentence == "queue 2.4 s, GPU 41.2 s, $0.0082")
        // Whoever is killed now asks again.
        #expect(Self.saved(steps).last?.state == .running)
    }

    @Test func poll_oneMissing_isDoubted_threeAreBelieved() {
        var run = Self.run(.running, id: "a-u1")
        for _ in 0..<(RunPodRun.doubts - 1) {
            #expect(Self.polls(run.handle(.reply(Self.reply(404, "")), at: Self.start)))
        }
        let steps = run.handle(.reply(Self.reply(404, "")), at: Self.start)
        #expect(Self.failure(steps)?.code == .runpodResultExpired)
        #expect(Self.saved(steps).last?.state == .ended)
    }

    @Test func poll_denied_failsButKeepsTheRunForALaterKey() {
        var run = Self.run(.running, id: "a-u1")
        var steps: [RunPodRun.Step] = []
        for _ in 0..<RunPodRun.doubts { steps = run.handle(.reply(Self.reply(401, "")), at: Self.start) }
        #expect(Self.failure(steps)?.code == .configError)
        #expect(run.record.isAttachable)
    }

    @Test func poll_errors_areWaitedOut_untilRunPodHasForgotten() {
        var run = Self.run(.running, id: "a-u1")
        for _ in 0..<500 {
            #expect(Self.polls(run.handle(.noAnswer("timed out"), at: Self.start)))
            #expect(Self.polls(run.handle(.reply(Self.reply(502, "<html>")), at: Self.start)))
        }
        let late = Self.start.advanced(byMilliseconds: (86_400 + 1801) * 1000)
        #expect(Self.failure(run.handle(.noAnswer("timed out"), at: late))?.code == .runpodResultExpired)
    }

    @Test(arguments: [
        (
            #"{"status":"FAILED","error":"{\"error_type\":\"X\",\"error_message\":\"CUDA out of memory\"}"}"#,
            FailureCode.runpodExecutionError
        ),
        (#"{"status":"TIMED_OUT"}"#, .runpodExecutionError), (#"{"status":"CANCELLED"}"#, .runpodExecutionError),
    ])
    func poll_aBadEnd_isNeverPaidForTwice(body: String, code: FailureCode) {
        var run = Self.run(.running, id: "a-u1")
        let steps = run.handle(.reply(Self.reply(200, body)), at: Self.start)
        #expect(Self.failure(steps)?.code == code && Self.failure(steps)?.isRetryable == false)
        #expect(Self.saved(steps).last?.isAttachable == false)
    }

    @Test func answerTooLarge_endsTheAttempt_andGivesNothingUp() {
        var run = Self.run(.running, id: "a-u1")
        _ = run.start(isNew: false)
        let large = RunPodRun.Answer.tooLarge("more than 24 MiB")
        for _ in 1..<RunPodRun.doubts { #expect(Self.polls(run.handle(large, at: Self.start))) }
        // One that can be read between two of them, and they count from the beginning.
        _ = run.handle(.reply(Self.reply(200, #"{"id":"a-u1","status":"IN_PROGRESS"}"#)), at: Self.start)
        for _ in 1..<RunPodRun.doubts { #expect(Self.polls(run.handle(large, at: Self.start))) }
        let steps = run.handle(large, at: Self.start)
        #expect(Self.failure(steps)?.code == .runpodExecutionError && Self.failure(steps)?.isRetryable == false)
        #expect(Self.saved(steps) == [] && run.record.isAttachable && !Self.submits(steps))
    }

    @Test func poll_runningWithAnExecutionTime_isLostAfterDoubt() {
        var run = Self.run(.running, id: "a-u1")
        let body = #"{"status":"IN_PROGRESS","executionTime":9,"output":"9/10"}"#
        for _ in 0..<(RunPodRun.doubts - 1) {
            #expect(Self.polls(run.handle(.reply(Self.reply(200, body)), at: Self.start)))
        }
        let steps = run.handle(.reply(Self.reply(200, body)), at: Self.start)
        #expect(Self.failure(steps)?.message == "RunPod has lost the run's result: a late report took its place.")
    }

    @Test func poll_runningLongerThanAgreed_isLost() {
        var run = Self.run(.running, id: "a-u1")
        let body = RunPodRun.Answer.reply(Self.reply(200, #"{"status":"IN_PROGRESS"}"#))
        #expect(Self.polls(run.handle(body, at: Self.start)))
        #expect(Self.polls(run.handle(body, at: Self.start.advanced(byMilliseconds: 4_200_000))))
        let steps = run.handle(body, at: Self.start.advanced(byMilliseconds: 4_200_001))
        #expect(Self.failure(steps)?.code == .runpodExecutionError)
    }

    @Test func poll_unknownState_isWaitedOut() {
        var run = Self.run(.running, id: "a-u1")
        let steps = run.handle(.reply(Self.reply(200, #"{"status":"PAUSED"}"#)), at: Self.start)
        #expect(steps.first == .log("RunPod names a state that this version does not know: PAUSED"))
        #expect(Self.polls(steps))
    }

    @Test func pace_slowsWhileNothingChanges_andObeysRetryAfter() {
        var pace = RunPodPace(seed: 3)
        var waits: [Duration] = []
        for _ in 0..<12 { waits.append(pace.afterAnswer(isNew: false)) }
        #expect(waits.allSatisfy { $0 >= .milliseconds(850) && $0 <= .milliseconds(11_500) })
        #expect((waits.last ?? .zero) > .seconds(8))
        #expect(pace.afterAnswer(isNew: true) < .milliseconds(1151))
        #expect(pace.afterFailure(retryAfter: .seconds(60)) == .seconds(60))
        #expect(pace.afterFailure(retryAfter: .seconds(9999)) == RunPodPace.longestRetryAfter)
        for _ in 0..<20 { #expect(pace.afterFailure(retryAfter: nil) <= .milliseconds(34_500)) }
    }
}
