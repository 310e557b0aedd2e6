extension JobDocument {
    /// Keys of a waiting job that a client may change.
    private static let changeable: Set<Key> = [
        .params, .priority, .backend, .profile, .needs, .notBefore, .maxAttempts, .webhookURL,
        .tags, .note, .starred,
    ]

    /// The document with a JSON Merge Patch (RFC 7396) laid over it.
    ///
    /// - Throws: `invalid_job` when the patch names a key that is not the client's to change.
    public func patched(with patch: [String: JSONValue]) throws(Failure) -> JobDocument {
        var result = self
        for (name, value) in patch.sorted(by: { $0.key < $1.key }) {
            guard let key = Key(rawValue: name), Self.changeable.contains(key) else {
                let names = Self.changeable.map(\.rawValue).sorted().joined(separator: ", ")
                throw Failure(.invalidJob, "/\(name.prefix(100)) cannot be changed; what can: \(names)")
            }
            if key == .params, value.object == nil {
                throw Failure(.invalidJob, "/params must be an object (is \(value.kindName))")
            }
            result[key] = Self.merged(self[key], value)
        }
        return result
    }

    private static func merged(_ old: JSONValue?, _ patch: JSONValue) -> JSONValue? {
        guard patch != .null else { return nil }
        guard let changes = patch.object else { return patch }
        var members = old?.object ?? [:]
        for (key, value) in changes { members[key] = merged(members[key], value) }
        return .object(members)
    }
}
