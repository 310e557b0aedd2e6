public import JobCore
import Spool

/// Webhooks: what is on its way, what came of it, and sending it again.
extension FrontDesk {
    /// Where the API listens, for addresses in webhooks: `http://127.0.0.1:8000`.
    public func listens(at base: String) { messenger.listens(at: base) }

    /// Deliveries, newest first; also while webhooks are off.
    public func webhooks(limit: Int) async throws -> [WebhookDelivery] {
        do { return try await messenger.list(limit: limit) } catch let error as FileError { throw error.failure }
    }

    /// Sends a delivery again, from its first try on.
    ///
    /// - Throws: `noSuchDelivery`, `notReady`; `webhooksAreOff` where none is set up.
    public func replayWebhook(_ id: WebhookID) async throws -> WebhookDelivery {
        guard messenger.isOn else { throw DeskRefusal.webhooksAreOff }
        do {
            guard let delivery = try await messenger.replay(id) else { throw DeskRefusal.noSuchDelivery(id) }
            return delivery
        } catch let error as FileError {
            throw error.failure
        }
    }

    /// What a job says of its own webhook. - Throws: `invalid_job` for an address that the settings do not list.
    func checkWebhook(_ document: JobDocument) throws(Failure) {
        guard let url = document[.webhookURL]?.string, settings.webhooks.endpoint(ofJob: url) == nil else { return }
        let isOff = !settings.webhooks.isOn
        throw Failure(
            .invalidJob,
            "/webhook_url is not an address that the daemon may send to\(isOff ? ": webhooks are off" : "").",
            hint: "List it in KINOSPOOL_WEBHOOK_ALLOW\(isOff ? ", and set KINOSPOOL_WEBHOOK_SECRET" : "").")
    }
}
