/// The fields of a `multipart/form-data` body (RFC 7578).
struct MultipartForm: Sendable, Equatable {
    /// One field: a text, or a file where it has a file name.
    struct Field: Sendable, Equatable {
        let name: String
        let isFile: Bool
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    let fields: [Field]

    /// The most fields a form may have.
    static let limit = 100

    /// Nil for what is no such form.
    ///
    /// - Parameter contentType: with the `boundary`.
    init?(_ body: [UInt8], contentType: String) {
        guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
            return nil
        }
        let mark = Array("\r\n--\(boundary)".utf8)
        // The first boundary stands at the very beginning, without a line before it.
        var rest = (Array("\r\n".utf8) + body)[...]
        guard let first = Self.range(of: mark, in: rest) else { return nil }
        rest = rest[first.upperBound...]
        var fields: [Field] = []
        while rest.starts(with: "\r\n".utf8), fields.count < Self.limit {
            rest = rest.dropFirst(2)
            guard let end = Self.range(of: mark, in: rest), let field = Self.field(rest[..<end.lowerBound]) else {
                return nil
            }
            fields.append(field)
            rest = rest[end.upperBound...]
        }
        guard rest.starts(with: "--".utf8) else { return nil }
        self.fields = fields
    }

    /// The text of the first field of a name.
    subscript(name: String) -> String? { fields.first { $0.name == name && !$0.isFile }?.text }

    private static func field(_ part: ArraySlice<UInt8>) -> Field? {
        guard let gap = range(of: Array("\r\n\r\n".utf8), in: part) else { return nil }
        let head = String(decoding: part[..<gap.lowerBound], as: UTF8.self)
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-disposition:") }
        guard let line, let name = parameter("name", of: String(line)) else { return nil }
        let isFile = parameter("filename", of: String(line)) != nil
        return Field(name: name, isFile: isFile, bytes: Array(part[gap.upperBound...]))
    }

    /// `boundary` of `multipart/form-data; boundary="x"`.
    static func parameter(_ name: String, of header: String) -> String? {
        for item in header.split(separator: ";").dropFirst() {
            let pair = item.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].filter({ !$0.isWhitespace }).lowercased() == name else { continue }
            let value = pair[1].drop(while: \.isWhitespace)
            return value.hasPrefix("\"") ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value)
        }
        return nil
    }

    private static func range(of mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard let head = mark.first else { return nil }
        var start = bytes.startIndex
        while let index = bytes[start...].firstIndex(of: head), index + mark.count <= bytes.endIndex {
            if bytes[index..<index + mark.count].elementsEqual(mark) { return index..<index + mark.count }
            start = index + 1
        }
        return nil
    }
}
