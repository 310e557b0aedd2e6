import Synchronization

/// Trials that several lanes take from.
final class TrialQueue: Sendable {
    private let trials: Mutex<ArraySlice<KillTrial>>

    init(_ trials: [KillTrial]) { self.trials = Mutex(trials[...]) }

    /// The next one, nil after the last.
    func next() -> KillTrial? { trials.withLock { $0.popFirst() } }
}
