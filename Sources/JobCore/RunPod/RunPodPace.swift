/// When to ask next: every second while things change, every ten while they do not, ever less often while RunPod does
/// not answer. Far below its limit of 2000 questions in 10 s.
public struct RunPodPace: Sendable, Equatable {
    public static let shortest = Duration.seconds(1), longest = Duration.seconds(10)
    /// Between two tries while it fails.
    public static let longestBackOff = Duration.seconds(30)
    /// The longest `Retry-After` that is obeyed.
    public static let longestRetryAfter = Duration.seconds(120)
    /// Between two looks at `/health`.
    public static let healthInterval = Duration.seconds(10)

    private var wait = shortest
    private var failures = 0
    private var random: UInt64

    /// - Parameter seed: spreads jobs that were submitted together.
    public init(seed: UInt64) { random = seed | 1 }

    /// After an answer. - Parameter isNew: it said something that the last one did not.
    public mutating func afterAnswer(isNew: Bool) -> Duration {
        failures = 0
        wait = isNew ? Self.shortest : min(wait * 3 / 2, Self.longest)
        return spread(wait)
    }

    /// After no answer, or one that said nothing.
    public mutating func afterFailure(retryAfter: Duration?) -> Duration {
        failures = min(failures + 1, 10)
        let backOff = min(Self.shortest * (1 << (failures - 1)), Self.longestBackOff)
        let asked = min(retryAfter ?? .zero, Self.longestRetryAfter)
        return max(spread(backOff), asked)
    }

    /// ± 15 %.
    private mutating func spread(_ duration: Duration) -> Duration {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let share = Int64(random >> 33 % 301) - 150
        return .milliseconds(duration.milliseconds * (1000 + share) / 1000)
    }
}
