import Engine
import HTTPTypes
import HummingbirdCore
import JobCore

/// Webhooks: what is on its way, and what came of it.
extension Reception {
    func listWebhooks(_ call: Call) async throws -> Response {
        let limit = try call.query.integer("limit", in: JobQuery.pageLimits) ?? 50
        return .json(.array(try await desk.webhooks(limit: limit).map(\.shown)))
    }

    func replayWebhook(_ call: Call) async throws -> Response {
        let text = call.parameters["id"] ?? ""
        guard let id = WebhookID(text) else {
            throw Problem(.notFound, "There is no webhook \(text.prefix(100)).", hint: "See GET /webhooks.")
        }
        return .json(try await desk.replayWebhook(id).shown)
    }
}
