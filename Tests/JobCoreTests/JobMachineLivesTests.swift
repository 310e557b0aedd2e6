import JobCore
import Testing

/// The invariants of the machine, over random lives.
@Suite("Job machine: lives")
struct JobMachineLivesTests {
    @Test func randomLives_keepTheSixInvariants() throws {
        let policy = try Policy()
        var violations: [String] = []
        for seed in 0..<20_000 where violations.count < 5 {
            var life = Life(seed: UInt64(seed), policy: policy)
            for _ in 0..<40 { life.step() }
            life.endWithSilence()
            violations += life.violations.map { "seed \(seed): \($0)" }
        }
        #expect(violations == [])
    }
}

/// One life, watched from outside.
private struct Life {
    private var machine: JobMachine
    private var random: SeededRandom
    private let policy: Policy
    private var endings = 0
    private var canceled = false
    private var lastReport = -1
    private(set) var violations: [String] = []

    // Made once: each failure's text is searched for secrets.
    private static let shaky = Failure(.internalError, "It shook.")
    private static let broken = Failure(.invalidVideo, "It broke.")

    init(seed: UInt64, policy: Policy) {
        random = SeededRandom(seed)
        machine = JobMachine(maximumAttempts: Int.random(in: 1...4, using: &random))
        self.policy = policy
    }

    mutating func step() { handle(event()) }

    /// A worker that says nothing more is led out of `running`.
    mutating func endWithSilence() {
        handle(.observedSilence(attempt: machine.attempt, .seconds(601)))
        require(machine.state != .running, "it stays in running for ever")
    }

    private mutating func event() -> JobEvent {
        let attempt = max(0, machine.attempt - (Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0))
        let silence = Duration.seconds(Int.random(in: 0...900, using: &random))
        let failure = Bool.random(using: &random) ? Self.shaky : Self.broken
        switch Int.random(in: 0..<16, using: &random) {
        case 0, 1, 2: return .claim
        case 3, 4: return .progress(attempt: attempt, percent: Int.random(in: -10...110, using: &random))
        case 5: return .succeeded(attempt: attempt)
        case 6: return .failed(attempt: attempt, failure)
        case 7: return .cancel
        case 8: return .silence(attempt: attempt, silence)
        case 9: return .observedSilence(attempt: attempt, silence)
        case 10: return .ownerDied(attempt: attempt)
        case 11: return .shutdown(attempt: attempt)
        case 12: return .retry
        case 13: return .ownerLeft(attempt: attempt)
        case 14: return .detach(attempt: attempt)
        default: return .release
        }
    }

    private mutating func handle(_ event: JobEvent) {
        let before = machine
        let effects = machine.handle(event, policy: policy)
        if event == .retry, before.state.isFinal { (endings, canceled) = (0, false) }
        if case .startBackend? = effects.first { lastReport = -1 }
        for effect in effects { watch(effect, before, event) }
        require(
            !before.state.isFinal || machine.state == before.state || event == .retry, "\(event) left \(before.state)")
        require(endings <= 1, "a second end")
        if before.state == .running, machine.state != .running, machine.state != .done {
            require(effects.first == .stopBackend, "\(event) left running with a live backend")
        }
        if case .succeeded(let attempt) = event, machine.state == .done, before.state != .done {
            require(before.state == .running && attempt == before.attempt, "a stale result was published")
        }
        require(machine.attempt >= before.attempt, "an attempt's number was used again")
    }

    private mutating func watch(_ effect: JobEffect, _ before: JobMachine, _ event: JobEvent) {
        switch effect {
        case .end(let ending):
            endings += 1
            let state = machine.state
            require(ending.state == state, "the end names \(ending.state), the state is \(state)")
            require(!canceled || ending == .canceled, "\(ending) after cancel")
            if ending == .canceled { canceled = true }
        case .reportProgress(let percent):
            let last = lastReport
            require(percent > last && (0...99).contains(percent), "progress \(percent) after \(last)")
            lastReport = percent
        case .startBackend(let attempt):
            require(attempt == before.attempt + 1, "attempt \(attempt) after \(before.attempt)")
        case .removeScratch(let attempt):
            require(attempt == before.attempt, "the scratch of attempt \(attempt) instead of \(before.attempt)")
        case .requeue(let delay, _): require(delay >= .zero && delay <= .seconds(3600 * 2), "a delay of \(delay)")
        case .attachBackend(let attempt):
            let state = machine.state
            require(attempt == before.attempt && state == .running, "attempt \(attempt) taken up in \(state)")
        case .leaveRunning:
            let state = machine.state
            require(state == .running, "left running in \(state)")
        case .stopBackend, .discardLateResult: break
        }
    }

    private mutating func require(_ condition: Bool, _ text: @autoclosure () -> String) {
        if !condition { violations.append(text()) }
    }
}
