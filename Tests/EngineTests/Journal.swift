import Logging
import Synchronization

/// All that a daemon logs, and the bell that rings with every line and every other sign of change.
final class Journal: Sendable {
    /// To be listened to by one test at a time.
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let stored = Mutex<[String]>([])

    init() {
        (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { continuation.yield() }

    /// `warning job refused job.id=one error=…`
    var lines: [String] { stored.withLock { $0 } }

    /// How many lines hold all of these words.
    func count(_ words: String...) -> Int {
        lines.count { line in words.allSatisfy { line.contains($0) } }
    }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in Handler(journal: self) } }

    private func add(_ line: String) {
        stored.withLock { $0.append(line) }
        ring()
    }

    private struct Handler: LogHandler {
        let journal: Journal
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let facts = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            journal.add("\(event.level) \(event.message)\(facts)")
        }
    }
}
