/// Which deliveries an event makes: a pure function of what happened, so that whoever looks again plans the same.
public struct WebhookPlan: Sendable {
    public let settings: WebhookSettings
    /// Where jobs and their files can be had, `http://127.0.0.1:8000`.
    public let base: String

    public init(_ settings: WebhookSettings, base: String) { (self.settings, self.base) = (settings, base) }

    /// An ended job, as its file and its folder tell.
    ///
    /// Only endings that stand in the file itself count: of a file that a person moved by hand into `done/` or
    /// `failed/` nobody knows what came of it, and what was moved into `canceled/` is told once its file says so.
    ///
    /// - Returns: one delivery for each endpoint of the settings, and one for the job's own.
    public func deliveries(
        of view: JobView, _ document: JobDocument, _ book: WebhookBook, at now: Timestamp
    ) -> [WebhookDelivery] {
        guard let event = WebhookEvent(view.state), document.outcome == view.state,
            let finishedAt = document.finishedAt, finishedAt >= book.start
        else { return [] }
        let facts = [view.id.text, "\(document.rev)", finishedAt.text]
        let body = WebhookPayload.job(view, event, base: base)
        func delivery(_ endpoint: WebhookEndpoint, isOfJob: Bool) -> WebhookDelivery {
            WebhookDelivery(
                WebhookID(event, facts, to: endpoint), event, to: endpoint, isOfJob: isOfJob, job: view.id, body: body,
                at: now)
        }
        var deliveries = settings.endpoints.map { delivery($0, isOfJob: false) }
        if let own = document[.webhookURL]?.string.flatMap(settings.endpoint(ofJob:)),
            !settings.endpoints.contains(own)
        {
            deliveries.append(delivery(own, isOfJob: true))
        }
        return deliveries.filter { !book.disabled.contains($0.endpointKey) }
    }

    /// The queue has become empty.
    public func idle(after job: JobID, endedAt: Timestamp, _ book: WebhookBook, at now: Timestamp) -> [WebhookDelivery]
    {
        let body = WebhookPayload.idle(after: job, at: endedAt, base: base)
        return toAll(.queueIdle, [job.text, endedAt.text], body, book, at: now)
    }

    /// The disk has too little room since a moment.
    public func low(_ space: DiskSpace, minimum: Int64, _ book: WebhookBook, at now: Timestamp) -> [WebhookDelivery] {
        guard let since = book.lowSince else { return [] }
        let body = WebhookPayload.low(space, minimum: minimum, at: since, base: base)
        return toAll(.storageLow, [since.text], body, book, at: now)
    }

    private func toAll(
        _ event: WebhookEvent, _ facts: [String], _ body: String, _ book: WebhookBook, at now: Timestamp
    ) -> [WebhookDelivery] {
        settings.endpoints.filter { !book.disabled.contains($0.key) }.map {
            WebhookDelivery(
                WebhookID(event, facts, to: $0), event, to: $0, isOfJob: false, job: nil, body: body, at: now)
        }
    }
}
