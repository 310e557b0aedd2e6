/// Decides which ended jobs leave the folder of their state for a day folder: so that it stays quick to list and to
/// look at, however many jobs have ended.
public struct ArchiveRule: Sendable, Equatable {
    /// A job that ended longer ago goes; 48 h.
    public let age: Duration
    /// Beyond so many in one state the oldest go; 10,000.
    public let flatLimit: Int
    /// At most so many go in one round; 500.
    public let batch: Int

    public init(age: Duration = .seconds(48 * 3600), flatLimit: Int = 10_000, batch: Int = 500) {
        (self.age, self.flatLimit, self.batch) = (age, max(flatLimit, 0), max(batch, 1))
    }

    /// An ended job in the folder of its state.
    public struct Ended: Sendable, Equatable {
        public let id: JobID
        /// When its file was written: the moment at which it ended.
        public let time: Timestamp

        public init(id: JobID, time: Timestamp) { (self.id, self.time) = (id, time) }
    }

    /// The jobs that go now, those that ended first at the beginning.
    ///
    /// - Parameter ended: all that lie in the folder of one state, in any order.
    /// - Returns: also how many are due altogether, those of later rounds too.
    public func archivePlan(_ ended: [Ended], at now: Timestamp) -> (ids: [JobID], due: Int) {
        let limit = now.advanced(byMilliseconds: -age.milliseconds)
        let old = ended.count { $0.time < limit }
        let due = max(old, ended.count - flatLimit)
        guard due > 0 else { return ([], 0) }
        let first = ended.sorted { ($0.time, $0.id) < ($1.time, $1.id) }.prefix(min(due, batch))
        return (first.map(\.id), due)
    }
}

extension JobDocument {
    /// The day folder in which the file of a job in this state may rest; nil when it has none: it does not say when and
    /// how it ended, because a person moved it there.
    public func dayOfRest(in state: JobState) -> Day? {
        guard state.isFinal, outcome == state, let finishedAt else { return nil }
        return Day(of: finishedAt)
    }
}
