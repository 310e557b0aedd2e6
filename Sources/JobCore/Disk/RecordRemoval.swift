/// Decides what goes of a deleted job's record, and what has to wait. Pure: what lies there in, steps out.
///
/// Invariants:
/// 1. The name of a run that may still cost money is on the disk until the provider has confirmed that it is over.
/// 2. That nobody wants the run is on the disk before anything else of the record goes.
/// 3. Running the steps twice, or from any of them on, ends the same.
public enum RecordRemoval {
    /// One step, in order.
    public enum Step: Sendable, Equatable {
        /// Replaces the record of the last attempt, durably in every mode.
        case disown(RunRecord)
        /// Removes a file or folder of the record.
        case remove(name: String)
        /// Removes the record; the id is free from then on.
        case removeAll
    }

    /// What is left of a record while a run goes on: who ends it needs the lock and the run's name.
    public static let kept: Set<String> = ["beat", "run.json"]

    /// - Parameters:
    ///   - run: the last attempt's record, nil when there is none or it is torn. One that tells of a run elsewhere is
    ///     never torn.
    ///   - names: of all that lies in the record.
    public static func plan(_ run: RunRecord?, names: [String]) -> [Step] {
        guard let run, run.mayBill else { return [.removeAll] }
        var steps: [Step] = []
        var disowned = run
        disowned.disown()
        if disowned != run { steps.append(.disown(disowned)) }
        return steps + names.filter { !kept.contains($0) }.sorted().map { .remove(name: $0) }
    }
}
