/// Cuts a stream of bytes into lines; a line without an end never grows beyond a limit.
struct LineSplitter: Sendable {
    /// The usual limit; the rest of a longer line is dropped.
    static let maximumLineBytes = 4096

    private let limit: Int
    private var line: [UInt8] = []

    /// - Parameter limit: the most bytes of one line.
    init(limit: Int = maximumLineBytes) { self.limit = limit }

    /// The lines that these bytes complete. `\n` and `\r` both end a line; empty lines are left out.
    mutating func lines(adding bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if let last = finish() { lines.append(last) }
            } else if line.count < limit {
                line.append(byte)
            }
        }
        return lines
    }

    /// What stands after the last line end, nil when that is nothing.
    mutating func finish() -> String? {
        defer { line.removeAll(keepingCapacity: true) }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
}
