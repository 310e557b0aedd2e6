/// Which deliveries are kept for people to look at and to send again.
public enum WebhookSweep {
    /// Ended ones are kept so long, and so many of them.
    public static let lifetime = Duration.seconds(7 * 86_400), endedLimit = 2000
    /// So many may be on their way. More wait where they came from: in the folders of the jobs.
    public static let pendingLimit = 10_000

    /// Those that go. Never one of a time that is looked through again: it would be made anew.
    public static func leaving(_ all: [WebhookDelivery], _ book: WebhookBook, at now: Timestamp) -> [WebhookID] {
        let settled = book.since.advanced(byMilliseconds: -60_000)
        let ended = all.filter { $0.state != .pending }.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
        return ended.enumerated().filter { index, delivery in
            let age = now.milliseconds - (delivery.endedAt ?? delivery.createdAt).milliseconds
            return (age > lifetime.milliseconds || index >= endedLimit) && delivery.createdAt < settled
        }.map(\.element.id)
    }
}
