/// What a `Range` header asks of a file (RFC 9110, 14).
enum ByteRange: Sendable, Equatable {
    /// All of it: no header, another unit, several ranges, or what does not read.
    case whole
    /// From the first to the last byte, both included.
    case part(first: Int64, last: Int64)
    /// No byte of the file is asked for: 416.
    case unsatisfiable

    /// - Parameter size: the file's, in bytes.
    init(header: String?, size: Int64) {
        guard let header, let equals = header.firstIndex(of: "="),
            header[..<equals].lowercased() == "bytes"
        else {
            self = .whole
            return
        }
        let text = header[header.index(after: equals)...].filter { $0 != " " && $0 != "\t" }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        // Several ranges would need a multipart answer; the whole file is as right.
        guard !text.contains(","), parts.count == 2 else {
            self = .whole
            return
        }
        let (first, last) = (Self.number(parts[0]), Self.number(parts[1]))
        switch (parts[0].isEmpty, parts[1].isEmpty) {
        case (true, false):
            guard let count = last else { self = .whole; return }
            self = count > 0 && size > 0 ? .part(first: max(size - count, 0), last: size - 1) : .unsatisfiable
        case (false, true):
            guard let first else { self = .whole; return }
            self = first < size ? .part(first: first, last: size - 1) : .unsatisfiable
        case (false, false):
            guard let first, let last, first <= last else { self = .whole; return }
            self = first < size ? .part(first: first, last: min(last, size - 1)) : .unsatisfiable
        case (true, true): self = .whole
        }
    }

    /// Digits alone; what is beyond all sizes counts as the largest.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text) ?? .max
    }
}
