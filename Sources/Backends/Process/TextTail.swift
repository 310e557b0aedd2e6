/// Keeps the end of a text that may be endless.
struct TextTail: Sendable {
    /// The most bytes that are kept.
    let limit: Int
    private var lines: [String] = []
    private var byteCount = 0

    init(limit: Int) { self.limit = limit }

    /// Adds one line and forgets the oldest ones beyond the limit.
    mutating func add(_ line: String) {
        lines.append(line)
        byteCount += line.utf8.count + 1
        while byteCount > limit, lines.count > 1 { byteCount -= lines.removeFirst().utf8.count + 1 }
    }

    /// The kept lines.
    var text: String { lines.joined(separator: "\n") }
}
