import JobCore

/// What `kinospool edit` changes, as a patch of a job's file.
struct JobEdit: Sendable {
    let parameters: [String: JSONValue]
    let priority: Int?
    let isStarred: Bool?
    /// Tags.
    let added: [String], removed: [String]
    let note: String?

    /// - Parameter document: the file as it is; tags are added to those it has.
    func patch(for document: JobDocument) -> [String: JSONValue] {
        var patch: [String: JSONValue] = [:]
        if !parameters.isEmpty { patch["params"] = .object(parameters) }
        if let priority { patch["priority"] = .integer(Int64(priority)) }
        if let isStarred { patch["starred"] = isStarred ? .bool(true) : .null }
        if let note { patch["note"] = note.isEmpty ? .null : .string(note) }
        if !added.isEmpty || !removed.isEmpty {
            var tags = JobMarks(document).tags.filter { !removed.contains($0) }
            for tag in added where !tags.contains(tag) { tags.append(tag) }
            patch["tags"] = tags.isEmpty ? .null : .array(tags.map { .string($0) })
        }
        return patch
    }
}
