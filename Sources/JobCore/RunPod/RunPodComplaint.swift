/// Why a run failed over there, taken out of the forms in which workers and RunPod say it.
public struct RunPodComplaint: Sendable, Equatable {
    /// One line for people, without secrets.
    public let message: String
    /// Lines for the job's log alone: the worker's traceback.
    public let details: [String]

    /// - Parameter error: a text, an object, or the worker SDK's object as a text.
    public init(_ error: JSONValue?) {
        (message, details) = Self.parts(of: error)
    }

    private static func parts(of error: JSONValue?) -> (message: String, details: [String]) {
        switch error {
        case .string(let text):
            if let inner = try? JSONReader.read(Array(text.utf8)), inner.object != nil {
                return parts(of: inner)
            }
            return (RunPodReply.line(lastLine(text)), lines(text))
        case .object(let fields):
            let texts = ["error_message", "message", "error", "detail", "details"].compactMap { fields[$0]?.string }
            let type = fields["error_type"]?.string.map(typeName) ?? ""
            let said = texts.first { !$0.isEmpty } ?? JSONWriter.compact(.object(fields))
            return (
                RunPodReply.line(type.isEmpty || said.contains(type) ? said : "\(type): \(said)"),
                lines(fields["error_traceback"]?.string ?? fields["traceback"]?.string ?? "")
            )
        case .array(let errors):
            let all = errors.prefix(5).map { RunPodComplaint($0) }
            let messages = all.map(\.message).joined(separator: "; ")
            return (all.isEmpty ? "no reason given" : messages, all.flatMap(\.details))
        case .integer, .number, .bool, .null, nil:
            return ("no reason given", [])
        }
    }

    /// The failure of the job. A run that failed has been paid for: only a person pays a second time.
    public var failure: Failure {
        let lowered = message.lowercased()
        if lowered.contains("out of memory") {
            return Failure(
                .runpodExecutionError, "The GPU ran out of memory: \(message)",
                hint: "Make it smaller or shorter, or give the endpoint a larger GPU; then kinospool retry ID.",
                isRetryable: false)
        }
        if lowered.contains("not a valid input option") || lowered.contains("missing field") {
            return Failure(
                .runpodExecutionError, "The worker does not take this input: \(message)",
                hint: "The endpoint's worker wants another profile: set \"profile\" in the job, or RUNPOD_PROFILE.",
                isRetryable: false)
        }
        return Failure(.runpodExecutionError, "The worker failed: \(message)", isRetryable: false)
    }

    /// `<class 'ValueError'>` is `ValueError`.
    private static func typeName(_ text: String) -> String {
        guard let start = text.firstIndex(of: "'"), let end = text.lastIndex(of: "'"), start < end else { return text }
        return String(text[text.index(after: start)..<end])
    }

    /// A traceback ends with the sentence that says what went wrong.
    private static func lastLine(_ text: String) -> String {
        guard text.hasPrefix("Traceback") else { return text }
        return text.split(whereSeparator: \.isNewline).last.map(String.init) ?? text
    }

    private static func lines(_ text: String) -> [String] {
        let lines = text.split(whereSeparator: \.isNewline).map { Redaction.redacted(String($0.prefix(500))) }
        return lines.count > 1 ? Array(lines.suffix(40)) : []
    }
}
