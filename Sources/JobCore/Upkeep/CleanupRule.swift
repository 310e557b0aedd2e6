/// Decides which jobs a cleanup by age removes. Pure: what is known of a job in, verdict out.
///
/// Invariants:
/// 1. Only ended jobs go: one that waits or runs stays, however old it is.
/// 2. What somebody wants to keep stays: a starred job, and one with the tag `keep`.
/// 3. What a job that waits or runs needs stays.
public struct CleanupRule: Sendable, Equatable {
    /// How many days may be asked for.
    public static let allowedDays = 0...36_500
    /// Where nobody says anything else.
    public static let defaultDays = 30
    /// A job with this tag stays.
    public static let keepingTag = "keep"

    /// A job that ended longer ago goes, in days.
    public let days: Int
    /// A job that ended before this moment goes.
    public let cutoff: Timestamp

    /// - Parameter days: clamped to `allowedDays`.
    public init(days: Int, at now: Timestamp) {
        self.days = min(max(days, Self.allowedDays.lowerBound), Self.allowedDays.upperBound)
        cutoff = now.advanced(byMilliseconds: -Int64(self.days) * 86_400_000)
    }

    /// What becomes of a job.
    public enum Verdict: String, Sendable, CaseIterable {
        case goes
        /// It ended not long enough ago.
        case young
        /// It is starred, or tagged to be kept.
        case kept
        /// A job that waits or runs needs it.
        case needed
        /// It has not ended.
        case underWay = "under_way"
    }

    /// What becomes of a job; the first invariant that speaks for it decides.
    public func verdict(on job: CleanupCandidate) -> Verdict {
        guard job.state.isFinal else { return .underWay }
        if job.endedAt >= cutoff { return .young }
        if job.isKept { return .kept }
        return job.isNeeded ? .needed : .goes
    }

    /// Whether a day folder can hold a job that goes: its jobs ended on that day.
    public func mayReach(_ day: Day) -> Bool { day <= Day(of: cutoff) }
}

extension JobDocument {
    /// Whether a person wants to keep the job: cleanup leaves it alone.
    public var isKept: Bool {
        let marks = JobMarks(self)
        return marks.isStarred || marks.tags.contains(CleanupRule.keepingTag)
    }
}
