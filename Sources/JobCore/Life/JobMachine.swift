/// The life of one job, as a value: what an event means in a state. It does nothing itself.
///
/// ```
///              claim                    succeeded
///   queued ───────────────▶ running ───────────────▶ done
///     ▲ │                    │ │ │                     │
///     │ │ cancel      cancel │ │ │ failed, silence     │
///     │ └──────▶ canceled ◀──┘ │ └────────▶ failed     │
///     │             │          │ failed and retryable, │
///     │             │          │ shutdown, release,    │
///     │             │          │ ownerDied             │
///     └─────────────┴──────────┴───────────◀───────────┘  retry
/// ```
///
/// Invariants:
/// 1. A final state is left only by `retry`, a person's wish.
/// 2. Between two retries there is at most one `end`.
/// 3. After `cancel` nothing is published: a later result is discarded.
/// 4. Every way out of `running` but success stops the backend before anything else.
/// 5. Progress never falls within an attempt, and a result counts only for the attempt that is running.
/// 6. Nothing stays in `running` for ever: silence, death, failure and shutdown all lead out of it, or to an owner that
///    goes on with work that runs elsewhere.
public struct JobMachine: Sendable, Equatable {
    public private(set) var state: JobState
    /// The last attempt that was started, 0 before the first.
    public private(set) var attempt: Int
    /// 0…100 of that attempt.
    public private(set) var progress: Int
    /// Retryable failures and deaths in a row so far.
    public private(set) var failures: Int, crashes: Int
    /// How many retryable failures are allowed.
    public let maximumAttempts: Int

    public init(
        state: JobState = .queued, attempt: Int = 0, failures: Int = 0, crashes: Int = 0, maximumAttempts: Int = 3
    ) {
        (self.state, self.attempt, self.progress) = (state, attempt, 0)
        (self.failures, self.crashes, self.maximumAttempts) = (failures, crashes, maximumAttempts)
    }

    /// - Parameters:
    ///   - jitter: 0..<1, for the back-off of a retry.
    public mutating func handle(_ event: JobEvent, policy: Policy, jitter: Double = 0.5) -> [JobEffect] {
        switch (state, event) {
        case (.queued, .claim): return start()
        case (.queued, .cancel): return end(.canceled)
        case (.running, .progress(attempt, let percent)): return report(percent)
        case (.running, .succeeded(attempt)): return end(.done)
        case (.running, .failed(attempt, let failure)): return fail(failure, jitter: jitter)
        case (.running, .cancel): return [.stopBackend] + end(.canceled) + [.removeScratch(attempt: attempt)]
        case (.running, .silence(attempt, let silence)):
            return silence >= policy.giveUpAfter ? timeOut(after: silence) : []
        case (.running, .observedSilence(attempt, let silence)):
            return silence > policy.heartbeatTimeout ? timeOut(after: silence) : []
        case (.running, .ownerDied(attempt)): return die(policy, jitter: jitter)
        // What runs elsewhere and is paid for is not started again: nothing is used up, nothing moves.
        case (.running, .ownerLeft(attempt)): return [.attachBackend(attempt: attempt)]
        case (.running, .detach(attempt)): return [.stopBackend, .leaveRunning]
        case (.running, .shutdown(attempt)), (.running, .release): return requeue(after: .zero, .nothing)
        case (.done, .retry), (.failed, .retry), (.canceled, .retry): return again()

        // A result of an attempt that no longer counts: of an older one, or of a job that has ended or gone back.
        case (_, .succeeded(let old)), (_, .failed(let old, _)):
            return [.discardLateResult(attempt: old)]

        // Nothing to do: said twice, said too late, or about an attempt that is over.
        case (.queued, .progress), (.queued, .silence), (.queued, .observedSilence), (.queued, .ownerDied),
            (.queued, .shutdown), (.queued, .retry), (.queued, .release), (.queued, .ownerLeft), (.queued, .detach),
            (.running, .claim), (.running, .progress), (.running, .silence), (.running, .observedSilence),
            (.running, .ownerDied), (.running, .shutdown), (.running, .retry), (.running, .ownerLeft),
            (.running, .detach),
            (.done, .claim), (.done, .progress), (.done, .cancel), (.done, .silence), (.done, .observedSilence),
            (.done, .ownerDied), (.done, .shutdown), (.done, .release), (.done, .ownerLeft), (.done, .detach),
            (.failed, .claim), (.failed, .progress), (.failed, .cancel), (.failed, .silence),
            (.failed, .observedSilence), (.failed, .ownerDied), (.failed, .shutdown), (.failed, .release),
            (.failed, .ownerLeft), (.failed, .detach),
            (.canceled, .claim), (.canceled, .progress), (.canceled, .cancel), (.canceled, .silence),
            (.canceled, .observedSilence), (.canceled, .ownerDied), (.canceled, .shutdown), (.canceled, .release),
            (.canceled, .ownerLeft), (.canceled, .detach):
            return []
        }
    }

    private mutating func start() -> [JobEffect] {
        state = .running
        attempt += 1
        progress = 0
        return [.startBackend(attempt: attempt)]
    }

    private mutating func report(_ percent: Int) -> [JobEffect] {
        // 100 belongs to done: a film is not finished before it is checked.
        let honest = min(max(percent, 0), 99)
        guard honest > progress else { return [] }
        progress = honest
        return [.reportProgress(percent: honest)]
    }

    /// The one place that names a final state.
    private mutating func end(_ ending: JobEffect.Ending) -> [JobEffect] {
        state = ending.state
        crashes = 0
        return [.end(ending)]
    }

    private mutating func fail(_ failure: Failure, jitter: Double) -> [JobEffect] {
        failures += 1
        let delay = RetryPolicy.delay(
            for: failure, failures: failures, maximumAttempts: maximumAttempts, jitter: jitter)
        if let delay { return requeue(after: delay, .failure) }
        return [.stopBackend] + end(.failed(failure)) + [.removeScratch(attempt: attempt)]
    }

    private mutating func timeOut(after silence: Duration) -> [JobEffect] {
        let failure = Failure(
            .workerTimeout, "The worker gave no sign of life for \(silence.milliseconds / 1000) s (attempt \(attempt))."
        )
        return [.stopBackend] + end(.failed(failure)) + [.removeScratch(attempt: attempt)]
    }

    private mutating func die(_ policy: Policy, jitter: Double) -> [JobEffect] {
        crashes += 1
        guard crashes >= policy.crashLimit else {
            return requeue(after: RetryPolicy.delay(afterCrashes: crashes, jitter: jitter), .crash)
        }
        let failure = Failure(
            .workerTimeout, "The worker died \(crashes) times in a row while it ran this job (attempt \(attempt)).")
        return [.stopBackend] + end(.failed(failure)) + [.removeScratch(attempt: attempt)]
    }

    private mutating func requeue(after delay: Duration, _ accounting: JobEffect.Accounting) -> [JobEffect] {
        state = .queued
        if accounting == .failure { crashes = 0 }
        return [.stopBackend, .requeue(after: delay, accounting), .removeScratch(attempt: attempt)]
    }

    private mutating func again() -> [JobEffect] {
        state = .queued
        (failures, crashes) = (0, 0)
        return []
    }
}
