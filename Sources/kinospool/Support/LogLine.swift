import JobCore
import Logging
import Spool

/// What the daemon says, one line each, without secrets; for a terminal, a journal or a log collector.
struct LogLine: LogHandler {
    /// How a line looks.
    enum Format: String, CaseIterable, Sendable { case text, json }

    let format: Format
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    /// Where lines go, without the newline.
    let sink: @Sendable (String) -> Void

    init(format: Format, level: Logger.Level, sink: @escaping @Sendable (String) -> Void) {
        (self.format, self.logLevel, self.sink) = (format, level, sink)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let now = Timestamp.now().text
        switch format {
        case .text: sink(Self.text(now, event.level, "\(event.message)", facts))
        case .json: sink(Self.json(now, event.level, "\(event.message)", facts))
        }
    }

    /// `2026-11-23T14:03:55.123Z info    a job changed state job.id=lighthouse job.state=done`
    static func text(_ now: String, _ level: Logger.Level, _ message: String, _ facts: Logger.Metadata) -> String {
        let pairs = facts.sorted { $0.key < $1.key }.map { key, value in
            let text = "\(value)"
            let isWord = text.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x3D }
            let isPlain = !text.isEmpty && (isWord || !text.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" })
            return "\(key)=\(isPlain ? text : JSONWriter.compact(.string(text)))"
        }
        let name = level.rawValue + String(repeating: " ", count: max(0, 8 - level.rawValue.utf8.count))
        let line = (["\(now) \(name)\(message)"] + pairs).joined(separator: " ")
        return TerminalText.plain(Redaction.redacted(line))
    }

    /// One object; metadata under `facts`.
    static func json(_ now: String, _ level: Logger.Level, _ message: String, _ facts: Logger.Metadata) -> String {
        // Key and value are looked at together: what is secret is often told by the key alone.
        let clean = Dictionary(
            uniqueKeysWithValues: facts.map { key, value -> (String, JSONValue) in
                let pair = Redaction.redacted("\(key)=\(value)")
                return (
                    key, .string(pair.hasPrefix("\(key)=") ? String(pair.dropFirst(key.count + 1)) : Redaction.mask)
                )
            })
        return JSONWriter.compact([
            "at": .string(now), "level": .string(level.rawValue), "message": .string(Redaction.redacted(message)),
            "facts": .object(clean),
        ])
    }
}
