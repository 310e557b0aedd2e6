import JobCore
import Testing

@Suite("Job machine")
struct JobMachineTests {
    private static let policy = try? Policy()
    private static let broken = Failure(.invalidVideo, "It broke.")
    private static let shaky = Failure(.internalError, "It shook.")
    private static let attempt = 4

    /// Every event, about the attempt that runs or about an older one.
    private static func events(_ attempt: Int) -> [JobEvent] {
        [
            .claim, .progress(attempt: attempt, percent: 50), .succeeded(attempt: attempt),
            .failed(attempt: attempt, broken), .failed(attempt: attempt, shaky), .cancel,
            .silence(attempt: attempt, .seconds(300)), .silence(attempt: attempt, .seconds(299)),
            .observedSilence(attempt: attempt, .seconds(601)), .observedSilence(attempt: attempt, .seconds(600)),
            .ownerDied(attempt: attempt), .shutdown(attempt: attempt), .retry, .release,
            .ownerLeft(attempt: attempt), .detach(attempt: attempt),
        ]
    }

    private func machine(_ state: JobState, failures: Int = 0, crashes: Int = 0) -> JobMachine {
        JobMachine(state: state, attempt: Self.attempt, failures: failures, crashes: crashes)
    }

    private func silent(_ seconds: Int) -> Failure {
        Failure(.workerTimeout, "The worker gave no sign of life for \(seconds) s (attempt 4).")
    }

    /// What each event means to a running job, about its own attempt.
    @Test func running_eachEventOfItsAttempt_hasItsEffectsInOrder() throws {
        let policy = try #require(Self.policy)
        func out(_ ending: JobEffect.Ending) -> [JobEffect] {
            [.stopBackend, .end(ending), .removeScratch(attempt: 4)]
        }
        func back(_ accounting: JobEffect.Accounting, _ delay: Duration = .zero) -> [JobEffect] {
            [.stopBackend, .requeue(after: delay, accounting), .removeScratch(attempt: 4)]
        }
        let wanted: [(JobState, [JobEffect])] = [
            (.running, []), (.running, [.reportProgress(percent: 50)]), (.done, [.end(.done)]),
            (.failed, out(.failed(Self.broken))), (.queued, back(.failure, .seconds(15))), (.canceled, out(.canceled)),
            (.failed, out(.failed(silent(300)))), (.running, []), (.failed, out(.failed(silent(601)))), (.running, []),
            (.queued, back(.crash)), (.queued, back(.nothing)), (.running, []), (.queued, back(.nothing)),
            (.running, [.attachBackend(attempt: 4)]), (.running, [.stopBackend, .leaveRunning]),
        ]
        for (event, (state, effects)) in zip(Self.events(Self.attempt), wanted) {
            var machine = machine(.running)
            #expect(machine.handle(event, policy: policy) == effects, "\(event)")
            #expect(machine.state == state, "\(event)")
        }
        #expect(Self.events(4).count == wanted.count)
    }

    @Test func running_eachEventOfAnOlderAttempt_onlyDiscardsItsResult() throws {
        let policy = try #require(Self.policy)
        for event in Self.events(Self.attempt - 1) {
            let speaksOfAnAttempt: Bool
            switch event {
            case .claim, .cancel, .retry, .release: speaksOfAnAttempt = false
            default: speaksOfAnAttempt = true
            }
            guard speaksOfAnAttempt else { continue }
            var machine = machine(.running)
            let before = machine
            #expect(machine.handle(event, policy: policy) == late(event), "\(event)")
            #expect(machine == before, "\(event)")
        }
    }

    @Test func queued_isLeftByClaimAndCancelOnly() throws {
        let policy = try #require(Self.policy)
        for event in Self.events(Self.attempt) {
            var machine = machine(.queued)
            let before = machine
            let effects = machine.handle(event, policy: policy)
            switch event {
            case .claim:
                #expect(effects == [.startBackend(attempt: 5)])
                #expect(machine.state == .running && machine.attempt == 5 && machine.progress == 0)
            case .cancel:
                #expect(effects == [.end(.canceled)])
                #expect(machine.state == .canceled)
            default:
                #expect(effects == late(event), "\(event)")
                #expect(machine == before, "\(event)")
            }
        }
    }

    @Test(arguments: [JobState.done, .failed, .canceled])
    func ended_isLeftByRetryOnly(state: JobState) throws {
        let policy = try #require(Self.policy)
        for event in Self.events(Self.attempt) {
            var machine = machine(state, failures: 2, crashes: 1)
            let before = machine
            let effects = machine.handle(event, policy: policy)
            if event == .retry {
                #expect(effects == [])
                #expect(machine.state == .queued && machine.failures == 0 && machine.crashes == 0)
            } else {
                #expect(effects == late(event), "\(event)")
                #expect(machine == before, "\(event)")
            }
        }
    }

    private func late(_ event: JobEvent) -> [JobEffect] {
        switch event {
        case .succeeded(let attempt), .failed(let attempt, _): [.discardLateResult(attempt: attempt)]
        default: []
        }
    }

    @Test func progress_neverFallsAndStopsBelow100() throws {
        let policy = try #require(Self.policy)
        var machine = machine(.running)
        let reports = [-5, 0, 10, 5, 10, 200, 100].flatMap {
            machine.handle(.progress(attempt: 4, percent: $0), policy: policy)
        }
        #expect(reports == [.reportProgress(percent: 10), .reportProgress(percent: 99)])
    }

    @Test func failures_atTheLastAllowedAttempt_failForGood() throws {
        let policy = try #require(Self.policy)
        var second = machine(.running, failures: 1)
        _ = second.handle(.failed(attempt: 4, Self.shaky), policy: policy)
        #expect(second.state == .queued)
        var third = machine(.running, failures: 2)
        _ = third.handle(.failed(attempt: 4, Self.shaky), policy: policy)
        #expect(third.state == .failed)
    }

    @Test func deaths_atTheLimit_failTheJob() throws {
        let policy = try #require(Self.policy)
        var second = machine(.running, crashes: 1)
        _ = second.handle(.ownerDied(attempt: 4), policy: policy)
        #expect(second.state == .queued && second.crashes == 2)
        var third = machine(.running, crashes: 2)
        let effects = third.handle(.ownerDied(attempt: 4), policy: policy)
        #expect(third.state == .failed)
        guard case .end(.failed(let failure)) = effects[1] else {
            Issue.record("\(effects)")
            return
        }
        #expect(failure.code == .workerTimeout)
    }
}
