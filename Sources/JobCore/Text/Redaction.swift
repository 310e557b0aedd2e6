/// Takes secrets out of text that leaves the process: logs, errors, job files, `why` files.
///
/// What counts: keys with a known beginning (`rpa_…`, AWS key ids, JSON web tokens), bearer tokens, basic credentials,
/// user names and passwords in URLs, and the values of keys whose names say so (`api_key=…`, `"token": "…"`,
/// `--password …`).
/// It over-redacts gladly, never fails, takes time in proportion to the text, and a second pass changes nothing.
public enum Redaction {
    /// What stands where a secret stood.
    public static let mask = "••••"

    /// The text without its secrets.
    public static func redacted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let secrets = SecretScanner(bytes).secrets()
        guard !secrets.isEmpty else { return text }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var position = 0
        for secret in secrets {
            output += bytes[position..<secret.lowerBound]
            output += Array(mask.utf8)
            position = secret.upperBound
        }
        output += bytes[position...]
        return String(decoding: output, as: UTF8.self)
    }
}
