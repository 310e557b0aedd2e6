/// An HTTP answer as it came, before anybody decided what it means.
public struct RunPodReply: Sendable, Equatable {
    public let status: Int
    public let body: [UInt8]
    /// From `Retry-After`.
    public let retryAfter: Duration?

    public init(status: Int, body: [UInt8], retryAfter: Duration? = nil) {
        (self.status, self.body, self.retryAfter) = (status, body, retryAfter)
    }

    /// What it means as the answer of `/run`.
    public enum Submission: Sendable, Equatable {
        /// RunPod has it; the id is legal.
        case accepted(id: String, RunPodReport)
        /// Certainly not taken.
        case refused(Failure)
        /// Certainly not taken, and may be sent again after a while.
        case busy(Duration?)
        /// Perhaps taken.
        case unclear(String)
    }

    /// What it means as the answer of `/status` or `/cancel`.
    public enum Sighting: Sendable, Equatable {
        case report(RunPodReport)
        /// Not known there: expired, or of another endpoint.
        case missing
        /// The key does not open it.
        case denied(Failure)
        /// No word about the run: ask again.
        case later(Duration?, String)
    }

    public var submission: Submission {
        let value = json
        // Public endpoints answer 400 with a job object; then it is one.
        if let value, let report = RunPodReport(value), let id = report.id, status < 500 {
            return .accepted(id: id, report)
        }
        switch status {
        case 200...299:
            return .unclear("RunPod answered \(status) without the id of a job: \(words)")
        case 429: return .busy(retryAfter)
        case 300...399:
            return .refused(
                Failure(.configError, "RunPod's address answers with a redirect (HTTP \(status)).", hint: Self.address))
        case 401, 403: return .refused(Self.denied(status))
        case 404:
            return .refused(Failure(.configError, "RunPod knows no such endpoint (HTTP 404).", hint: Self.address))
        case 408, 500...: return .unclear("RunPod answered HTTP \(status): \(words)")
        default:
            return .refused(
                Failure(
                    .runpodSubmitError, "RunPod refused the job (HTTP \(status)): \(words)",
                    hint: "Correct what it complains about; nothing ran.", isRetryable: false))
        }
    }

    public var sighting: Sighting {
        if status < 500, let value = json, let report = RunPodReport(value) { return .report(report) }
        switch status {
        case 401, 403: return .denied(Self.denied(status))
        case 404, 410: return .missing
        case 400 where words.contains("not found"): return .missing
        default: return .later(retryAfter, "HTTP \(status): \(words)")
        }
    }

    private static let address = "Check RUNPOD_ENDPOINT: it looks like https://api.runpod.ai/v2/ENDPOINT_ID."

    private static func denied(_ status: Int) -> Failure {
        Failure(
            .configError, "RunPod does not take the key (HTTP \(status)).",
            hint: "Check RUNPOD_API_KEY: it must be a key that may use this endpoint.")
    }

    /// Nil when it is no JSON: a page of some proxy, or cut off.
    public var json: JSONValue? { try? JSONReader.read(body) }

    /// What it says, for people: one line, without secrets.
    public var words: String {
        if let fields = json?.object {
            for key in ["error", "message", "detail", "title"] {
                if let text = fields[key]?.string, !text.isEmpty { return Self.line(text) }
            }
            return Self.line(JSONWriter.compact(.object(fields)))
        }
        if json == nil, body.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") { return "a page, not an answer" }
        return body.isEmpty ? "no words" : Self.line(String(decoding: body.prefix(2000), as: UTF8.self))
    }

    static func line(_ text: String) -> String {
        let plain = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
        return Redaction.redacted(String(String(plain).prefix(300)))
    }
}
