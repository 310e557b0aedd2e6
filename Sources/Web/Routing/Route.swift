import JobCore

/// One method at one kind of address.
struct Route: Sendable, Equatable {
    let method: String
    /// `/jobs/{id}/artifacts/{name}`, as the OpenAPI document writes it.
    let path: String
    let operation: Operation

    init(_ method: String, _ path: String, _ operation: Operation) {
        (self.method, self.path, self.operation) = (method, path, operation)
    }

    /// What stands for the names in braces; nil when the address is of another kind.
    ///
    /// - Parameter segments: the address, cut at its slashes and not decoded yet.
    func parameters(in segments: [Substring]) -> [String: String]? {
        let pattern = path.split(separator: "/")
        guard pattern.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (wanted, segment) in zip(pattern, segments) {
            if wanted.hasPrefix("{") {
                guard let text = PercentEncoding.decoded(segment) else { return nil }
                parameters[String(wanted.dropFirst().dropLast())] = text
            } else if wanted != segment {
                return nil
            }
        }
        return parameters
    }
}
