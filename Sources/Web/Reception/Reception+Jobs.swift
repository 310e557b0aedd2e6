import Engine
import HTTPTypes
import HummingbirdCore
import JobCore

/// Jobs: one by one and in lists.
extension Reception {
    func submitJob(_ call: Call) async throws -> Response {
        let fields = try await call.object()
        return try await accept(JobDocument(fields), call)
    }

    /// The predecessor's way to ask for an export: `{"clips": […], "captions": […]}`.
    func stitchTimeline(_ call: Call) async throws -> Response {
        let fields = try await call.object()
        let own: Set<String> = Set(JobDocument.Key.allCases.map(\.rawValue)).subtracting(["type", "params"])
        var document: [String: JSONValue] = fields.filter { own.contains($0.key) }
        document["type"] = .string(JobType.export.rawValue)
        document["params"] = .object(fields.filter { !own.contains($0.key) })
        return try await accept(JobDocument(document), call)
    }

    private func accept(_ document: JobDocument, _ call: Call) async throws -> Response {
        var document = document
        let key = try call.idempotencyKey ?? document[.idempotencyKey]?.string
        document[.idempotencyKey] = nil
        let accepted = try await desk.submit(document, key: key)
        var headers: HTTPFields = [.location: "/jobs/\(accepted.id)"]
        if accepted.isReplay { headers[.idempotencyReplayed] = "true" }
        if let wait = call.preference.wait {
            let (view, _) = try await desk.wait(for: accepted.id, patience: .seconds(wait)) { $0.state.isFinal }
            headers[.preferenceApplied] = "wait=\(wait)"
            return .json(json(view, call), headers: headers)
        }
        let status = accepted.isReplay ? try await desk.view(accepted.id).state : .queued
        return .json(
            [
                "job_id": .string(accepted.id.text), "status": .string(status.statusName),
                "created_at": .string(accepted.createdAt.text),
            ], headers: headers)
    }

    func getJob(_ call: Call) async throws -> Response {
        let id = try call.jobID()
        let known = call[.ifNoneMatch]
        let policy = desk.settings.policy
        func tag(_ view: JobView) -> EntityTag { Self.tag(view, at: desk.now, policy) }
        var headers = HTTPFields()
        let view: JobView
        if let wait = call.preference.wait {
            headers[.preferenceApplied] = "wait=\(wait)"
            let desk = desk
            view = try await desk.wait(for: id, patience: .seconds(wait)) { view in
                guard let known else { return view.state.isFinal }
                return !Self.tag(view, at: desk.now, policy).matchesWeakly(known)
            }.view
        } else {
            view = try await desk.view(id)
        }
        let current = tag(view)
        headers[.eTag] = current.text
        headers[.cacheControl] = "no-cache"
        if let known, current.matchesWeakly(known) { return Response(status: .notModified, headers: headers) }
        return .json(json(view, call), headers: headers)
    }

    private static func tag(_ view: JobView, at now: Timestamp, _ policy: Policy) -> EntityTag {
        EntityTag(opaque: view.revision(at: now, policy: policy))
    }

    func listJobs(_ call: Call) async throws -> Response {
        let query = try JobQuery(call.query)
        let views = try await desk.list(query)
        var headers = HTTPFields()
        // A job that moved meanwhile may be missing from a page, so only an empty one is surely the last.
        if let last = views.last, views.count == query.limit {
            let path = call.query.text(replacing: "cursor", with: PageCursor.text(JobCursor(last)))
            headers[.link] = "</jobs?\(path)>; rel=\"next\""
        }
        return .json(.array(views.map { json($0, call) }), headers: headers)
    }

    func editJob(_ call: Call) async throws -> Response {
        let id = try call.jobID()
        let patch = try await call.object()
        let condition = call[.ifMatch]
        try await desk.edit(id, patch: patch) { revision in
            condition.map { EntityTag(opaque: revision).matchesStrongly($0) } ?? true
        }
        return try await shown(id, call)
    }

    func cancelJob(_ call: Call) async throws -> Response {
        let id = try call.jobID()
        let state = try await desk.cancel(id)
        let message =
            state == .canceled
            ? "The job is canceled." : "The job is \(state.rawValue) already; it was left as it is."
        return .json([
            "job_id": .string(id.text), "status": .string(state.statusName), "message": .string(message),
        ])
    }

    func deleteJob(_ call: Call) async throws -> Response {
        let id = try call.jobID()
        let count = try await desk.delete(id)
        return .json([
            "job_id": .string(id.text), "deleted": true, "artifacts_cleaned": .integer(Int64(count)),
        ])
    }

    func retryJob(_ call: Call) async throws -> Response {
        let id = try call.jobID()
        let fields = try await call.object(isNeeded: false)
        let changes = fields["set"] ?? [:]
        guard let changes = changes.object else {
            throw Problem(
                Failure(.invalidJob, "/set must be an object of parameters (is \(changes.kindName))"))
        }
        let isReplay = try await desk.retry(id, changes: changes, key: try call.idempotencyKey)
        var response = try await shown(id, call)
        if isReplay { response.headers[.idempotencyReplayed] = "true" }
        return response
    }

    func getLog(_ call: Call) async throws -> Response {
        .text(try await desk.log(try call.jobID()))
    }

    private func shown(_ id: JobID, _ call: Call) async throws -> Response {
        let view = try await desk.view(id)
        return .json(json(view, call), headers: [.eTag: Self.tag(view, at: desk.now, desk.settings.policy).text])
    }

    /// A job as clients see it, with addresses that lead here or to where its files are published.
    func json(_ view: JobView, _ call: Call) -> JSONValue {
        var shown = view
        shown.outputURLs = view.artifacts.map { Self.address(of: $0.name, view.id, call.base) }
        return shown.json(at: desk.now, policy: desk.settings.policy, storage: desk.storage)
    }

    /// Where a file of a job can be had.
    static func address(of name: String, _ id: JobID, _ base: String) -> String {
        "\(base)/jobs/\(id)/artifacts/\(PercentEncoding.encoded(name))"
    }
}

extension Call {
    /// - Throws: `bad_request` for a key that is empty or too long.
    var idempotencyKey: String? {
        get throws(Problem) {
            guard let text = self[.idempotencyKey] else { return nil }
            // The draft's form is a quoted string; most clients send it bare.
            let isQuoted = text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
            let key = isQuoted ? String(text.dropFirst().dropLast()) : text
            guard (1...255).contains(key.utf8.count) else {
                throw Problem(.badRequest, "An Idempotency-Key has 1 to 255 bytes.")
            }
            return key
        }
    }
}

extension JobQuery {
    /// How many jobs one page over HTTP may hold.
    static let pageLimits = 1...200

    /// - Parameter limit: how many; nil takes what the query says.
    init(_ query: QueryItems, limit: Int? = nil) throws {
        var states: Set<JobState> = []
        for name in query.list("state") + query.list("status") {
            guard name.lowercased() != "active" else {
                states.formUnion([.queued, .running])
                continue
            }
            guard let state = JobState(name: name) else {
                let names = JobState.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(.badRequest, "state must be of \(names), active (is \"\(name.prefix(40))\").")
            }
            states.insert(state)
        }
        let types = try query.list("type").map { name in
            guard let type = JobType(rawValue: name.uppercased()) else {
                let names = JobType.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(.badRequest, "type must be of \(names) (is \"\(name.prefix(40))\").")
            }
            return type.rawValue
        }
        let after = try query["cursor"].map { text in
            guard let cursor = PageCursor.cursor(text) else {
                throw Problem(.badRequest, "cursor must come from the Link of another page.")
            }
            return cursor
        }
        try self.init(
            states: states, types: Set(types), text: query["q"],
            limit: try limit ?? query.integer("limit", in: Self.pageLimits) ?? 50, after: after)
    }
}
