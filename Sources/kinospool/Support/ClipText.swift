import JobCore

/// A clip as typed: `FILE`, `URL` or `job:ID`, with `:START-END` behind it to take only a piece.
struct ClipText: Sendable, Equatable {
    let source: String
    /// Seconds; nil for the beginning and the end.
    let start: Double?, end: Double?

    init(_ text: String) {
        if let colon = text.lastIndex(of: ":"), let span = Self.span(text[text.index(after: colon)...]) {
            (source, start, end) = (String(text[..<colon]), span.start, span.end)
        } else {
            (source, start, end) = (text, nil, nil)
        }
    }

    /// What follows `job:`, nil for other clips.
    var job: String? { source.hasPrefix("job:") ? String(source.dropFirst("job:".count)) : nil }

    /// The element of `clips`; `job` takes the place of what was typed.
    func value(job: JobID?) -> JSONValue {
        var value: [String: JSONValue] = [:]
        if let job { value["job"] = .string(job.text) } else { value["path"] = .string(source) }
        value["start"] = start.map { .number($0) }
        value["end"] = end.map { .number($0) }
        return .object(value)
    }

    /// `1.5-4`, `2-`, `-3`; nil for anything else.
    static func span(_ text: Substring) -> (start: Double?, end: Double?)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, !(parts[0].isEmpty && parts[1].isEmpty),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") } })
        else { return nil }
        let numbers = parts.map { Double($0) }
        guard zip(parts, numbers).allSatisfy({ $0.isEmpty || $1 != nil }) else { return nil }
        return (numbers[0], numbers[1])
    }
}
