/// The one error type of the product: what failed, on what, why; and what mends it.
///
/// Foreign errors (errno, SQLite, ffmpeg) are wrapped where they enter. Texts are redacted at creation, so a secret
/// cannot travel inside one.
public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What users match on.
    public let code: FailureCode
    /// What failed, on what, why.
    public let message: String
    /// The command or setting that mends it.
    public let hint: String
    /// Whether trying again, unchanged, may succeed.
    public let isRetryable: Bool

    /// - Parameters:
    ///   - hint: nil takes the code's own.
    ///   - isRetryable: nil takes the code's own.
    public init(_ code: FailureCode, _ message: String, hint: String? = nil, isRetryable: Bool? = nil) {
        self.code = code
        self.message = Redaction.redacted(message)
        self.hint = Redaction.redacted(hint ?? code.hint)
        self.isRetryable = isRetryable ?? code.isRetryable
    }

    public var description: String { "\(code.rawValue): \(message)" }

    /// The form in job files, `--json` and HTTP.
    public var json: JSONValue {
        .object([
            "code": .string(code.rawValue), "message": .string(message), "hint": .string(hint),
            "retryable": .bool(isRetryable),
        ])
    }

    /// Reads what `json` wrote; a code from a newer version becomes `internal_error` with the code in the message.
    public init?(json: JSONValue) {
        guard let fields = json.object, let code = fields["code"]?.string else { return nil }
        let message = fields["message"]?.string ?? ""
        guard let known = FailureCode(rawValue: code) else {
            self.init(.internalError, "\(code): \(message)", hint: fields["hint"]?.string, isRetryable: false)
            return
        }
        self.init(known, message, hint: fields["hint"]?.string, isRetryable: fields["retryable"]?.bool)
    }
}
