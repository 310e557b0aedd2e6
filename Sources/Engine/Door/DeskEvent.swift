public import JobCore

/// Something that happened, as those who listen are told: always the whole present state, never a difference.
public struct DeskEvent: Sendable {
    /// What happened.
    public enum Kind: Sendable {
        /// A job came or changed.
        case job(JobView)
        /// A job is gone.
        case gone(JobID)
        /// The queue opened or closed, or became longer or shorter.
        case queue(QueueFacts)
        /// Things happened that nobody saw: what was told before may be wrong.
        case reset
        /// Nothing, for a while: so that everybody notices when the other is gone.
        case tick
    }

    /// Grows by one with each event; a tick has that of the event before it.
    public let sequence: Int
    public let kind: Kind

    public init(sequence: Int, kind: Kind) { (self.sequence, self.kind) = (sequence, kind) }

    /// The job it is about.
    public var job: JobID? {
        switch kind {
        case .job(let view): view.id
        case .gone(let id): id
        case .queue, .reset, .tick: nil
        }
    }
}
