import Engine
import HTTPTypes
import HummingbirdCore
import JobCore

/// One thing done to many jobs: each by itself, so that what fails for one stops no other.
extension Reception {
    func bulkJobs(_ call: Call) async throws -> Response {
        let order = try BulkOrder(try await call.object())
        let ids: [String]
        var isAll = true
        switch order.choice {
        case .ids(let named): ids = named
        case .query(let query):
            ids = try await desk.list(query).map(\.id.text)
            isAll = ids.count < query.limit
        }
        var results: [JSONValue] = []
        var count = 0
        for text in ids {
            do {
                let status = try await carryOut(order, text)
                results.append(["job_id": .string(text), "status": .string(status)])
                count += 1
            } catch {
                try Task.checkCancellation()
                let problem = Problem(wrapping: error)
                results.append([
                    "job_id": .string(String(text.prefix(100))),
                    "error": ["code": .string(problem.code), "message": .string(problem.detail)],
                ])
            }
        }
        return .json([
            "action": .string(order.action.rawValue), "done": .integer(Int64(count)),
            "failed": .integer(Int64(ids.count - count)), "more": .bool(!isAll), "results": .array(results),
        ])
    }

    /// - Returns: the status that the job has now.
    private func carryOut(_ order: BulkOrder, _ text: String) async throws -> String {
        guard let id = JobID(text) else { throw Problem(.noSuchJob, "There is no job \(text.prefix(100)).") }
        switch order.action {
        case .cancel: return try await desk.cancel(id).statusName
        case .retry:
            _ = try await desk.retry(id, changes: order.changes)
            return JobState.queued.statusName
        case .delete:
            _ = try await desk.delete(id)
            return "DELETED"
        }
    }
}
