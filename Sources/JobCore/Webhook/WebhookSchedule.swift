/// When a webhook is tried.
public enum WebhookSchedule {
    /// Before each try, counted from the one before it; after the last the delivery has failed.
    public static let delays: [Duration] = [
        .zero, .seconds(5), .seconds(300), .seconds(1800), .seconds(2 * 3600), .seconds(5 * 3600),
        .seconds(10 * 3600), .seconds(14 * 3600), .seconds(20 * 3600), .seconds(24 * 3600),
    ]

    /// How long the receiver may take to answer.
    public static let timeout = Duration.seconds(20)

    /// The pause before the next try; nil when there is none.
    ///
    /// - Parameters:
    ///   - tries: how many there were.
    ///   - asked: what the receiver asked for; a shorter wish changes nothing.
    ///   - jitter: 0 up to 1, so that not all come at the same moment: up to a fifth more.
    public static func pause(after tries: Int, asked: Duration? = nil, jitter: Double) -> Duration? {
        guard tries >= 0, tries < delays.count else { return nil }
        let planned =
            delays[tries] + .milliseconds(Int64(Double(delays[tries].milliseconds) / 5 * min(max(jitter, 0), 1)))
        return max(planned, asked ?? .zero)
    }
}
