/// A row of the predecessor's table `jobs`, every value as the text that SQLite makes of it.
///
/// Columns that a variant of the table lacks are simply not there: older ones have no heartbeat, and `error` in place
/// of `error_code` and `error_message`.
public struct OldJob: Sendable, Equatable {
    /// The columns that are read; others are left alone.
    public static let columns: Set<String> = [
        "job_id", "type", "status", "progress", "params", "output_urls", "runpod_job_id", "created_at", "updated_at",
        "heartbeat_at", "last_heartbeat_at", "started_at", "finished_at", "status_message", "error_code",
        "error_message", "error",
    ]

    /// Name of a column and its value; NULL and empty texts are left out.
    public let values: [String: String]

    public init(_ values: [String: String]) {
        self.values = values.filter { !$0.value.allSatisfy(\.isWhitespace) }
    }

    subscript(name: String) -> String? { values[name] }

    /// A time as the predecessor wrote it: ISO without a zone is UTC, with or without a fraction.
    func time(_ name: String) -> Timestamp? {
        guard let text = self[name] else { return nil }
        return Timestamp(text) ?? Timestamp("\(text)Z")
    }

    var status: JobState? {
        switch (self["status"] ?? "").uppercased() {
        case "QUEUED", "PENDING": .queued
        case "RUNNING", "PROCESSING", "IN_PROGRESS", "STARTED": .running
        case "SUCCEEDED", "DONE", "COMPLETED", "SUCCESS": .done
        case "FAILED", "ERROR": .failed
        case "CANCELED", "CANCELLED": .canceled
        default: nil
        }
    }

    /// The parameters; nil when what stands there is no JSON object.
    var params: [String: JSONValue]? {
        guard let text = self["params"] else { return [:] }
        return (try? JSONReader.read(Array(text.utf8)))?.object
    }

    /// What the job had made: URLs, or paths on this machine.
    var outputs: [String] {
        guard let text = self["output_urls"] else { return [] }
        switch try? JSONReader.read(Array(text.utf8)) {
        case .array(let items)?: return items.compactMap(\.string)
        case .string(let url)?: return [url]
        case .object(let members)?: return members.sorted { $0.key < $1.key }.compactMap(\.value.string)
        case .null?, .bool?, .integer?, .number?: return []
        // Not JSON: one URL, bare.
        case nil: return [text]
        }
    }

    /// Why it failed, in our table of codes; a code that is not in it stands in the message.
    var failure: Failure {
        let told = self["error"]
        if let told, let fields = (try? JSONReader.read(Array(told.utf8)))?.object {
            return Self.failure(code: fields["code"]?.string, message: fields["message"]?.string)
        }
        return Self.failure(code: self["error_code"], message: self["error_message"] ?? told ?? self["status_message"])
    }

    private static func failure(code: String?, message: String?) -> Failure {
        let message = String((message ?? "The predecessor recorded no reason.").prefix(4000))
        guard let code else { return Failure(.internalError, message, isRetryable: false) }
        guard let known = FailureCode(rawValue: code.lowercased()) else {
            return Failure(.internalError, "\(code.prefix(100)): \(message)", isRetryable: false)
        }
        return Failure(known, message)
    }
}
