/// Secrets inside JSON.
extension Redaction {
    /// The value without its secrets: what has a secret's name is masked whole, URLs lose user and signature, all
    /// other texts are redacted. Numbers, names and shape stay as they are.
    public static func redacted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: value
        case .string(let text): .string(redacted(PublicURL.text(text) ?? text))
        case .array(let elements): .array(elements.map { redacted($0) })
        case .object(let members):
            .object(
                Dictionary(
                    members.map { name, member in
                        (redacted(name), isSecretName(name) && member != .null ? .string(mask) : redacted(member))
                    }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// Whether the value under such a name is a secret.
    private static func isSecretName(_ name: String) -> Bool {
        // The scanner knows the names; the value is any word that is none of them itself.
        redacted(name + "=x") != redacted(name) + "=x"
    }
}
