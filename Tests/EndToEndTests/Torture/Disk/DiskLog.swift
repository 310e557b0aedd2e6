import Foundation

/// What `logdisk` recorded: each write, flush and mark, in order.
struct DiskLog: Sendable {
    /// One record.
    struct Entry: Sendable {
        enum Kind: UInt64 { case write = 1, flush = 2, mark = 3 }

        let kind: Kind
        /// Where on the disk.
        let offset: Int
        /// Where its bytes lie in the log.
        let bytes: Range<Int>
    }

    let entries: [Entry]
    private let data: Data

    /// Reads a log; a record that was cut short at its end is left out.
    init(path: String) throws {
        let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        var (entries, position): ([Entry], Int) = ([], 0)
        while position + 24 <= data.count {
            let head = (0..<3).map { word in
                (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[position + word * 8 + $1]) << UInt64($1 * 8) }
            }
            let start = position + 24
            guard let kind = Entry.Kind(rawValue: head[0]), start + Int(head[2]) <= data.count else { break }
            position = start + Int(head[2])
            entries.append(Entry(kind: kind, offset: Int(head[1]), bytes: start..<position))
        }
        (self.entries, self.data) = (entries, data)
    }

    /// The bytes of a write or a mark.
    func bytes(_ entry: Entry) -> Data { data[entry.bytes] }

    /// The marks before a record, with where they stand.
    func marks(before cut: Int) -> [String] {
        entries[..<cut].filter { $0.kind == .mark }.map { String(decoding: bytes($0), as: UTF8.self) }
    }
}
