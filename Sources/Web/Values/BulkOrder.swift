import Engine
import JobCore

/// The body of `POST /jobs/bulk`: one thing to do to many jobs.
struct BulkOrder: Sendable {
    enum Action: String, CaseIterable, Sendable { case cancel, retry, delete }

    /// Which jobs.
    enum Choice: Sendable {
        case ids([String])
        case query(JobQuery)
    }

    let action: Action
    let choice: Choice
    /// For `retry`: parameters to change first.
    let changes: [String: JSONValue]

    /// So many jobs at a time.
    static let limit = 500

    /// - Throws: `Failure` with a pointer.
    init(_ fields: [String: JSONValue]) throws {
        func wrong(_ pointer: String, _ text: String) -> Problem {
            Problem(Failure(.invalidJob, "/\(pointer) \(text)"))
        }
        let names = Action.allCases.map(\.rawValue).joined(separator: ", ")
        guard let action = fields["action"]?.string.flatMap(Action.init(rawValue:)) else {
            throw wrong("action", "must be one of \(names)")
        }
        self.action = action
        let set = fields["set"] ?? [:]
        guard let changes = set.object, action == .retry || changes.isEmpty else {
            throw wrong("set", "must be an object of parameters, for retry alone")
        }
        self.changes = changes
        switch (fields["ids"], fields["filter"]) {
        case (let ids?, nil):
            guard let texts = ids.array?.map(\.string), texts.count <= Self.limit, !texts.contains(nil) else {
                throw wrong("ids", "must be a list of at most \(Self.limit) ids")
            }
            var seen: Set<String> = []
            choice = .ids(texts.compactMap { $0 }.filter { seen.insert($0).inserted })
        case (nil, let filter?):
            guard let filter = filter.object, !filter.isEmpty else {
                throw wrong("filter", "must be an object with state, type or q; to mean all name every state")
            }
            let known: Set<String> = ["state", "type", "q"]
            if let stranger = filter.keys.sorted().first(where: { !known.contains($0) }) {
                throw wrong("filter/\(stranger.prefix(40))", "is not known; state, type and q are")
            }
            let texts = try filter.mapValues { value in
                guard let text = value.string else { throw wrong("filter", "must hold texts") }
                return text
            }
            let query = try JobQuery(QueryItems(texts), limit: Self.limit)
            guard !query.states.isEmpty || !query.types.isEmpty || query.text != nil else {
                throw wrong("filter", "would mean every job; to mean that, name every state")
            }
            choice = .query(query)
        default: throw wrong("ids", "or /filter is needed, one of them")
        }
    }
}
