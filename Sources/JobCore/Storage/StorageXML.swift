/// Reads the few elements that an answer of object storage is asked for. No document of its kind nests the same name.
///
/// It is no XML parser: no attributes matter, comments and CDATA do not occur in these answers, and what it cannot
/// read is simply not there.
public struct StorageXML: Sendable {
    private let text: String

    public init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

    private init(_ text: Substring) { self.text = String(text) }

    /// The text of the first element of a name, nil when there is none.
    public subscript(name: String) -> String? { elements(name).first.map { Self.unescaped($0.text) } }

    /// The contents of all elements of a name, in order.
    public func elements(_ name: String) -> [StorageXML] {
        var found: [StorageXML] = []
        var rest = text[...]
        while let start = Self.opening(name, in: rest), let end = rest[start...].firstRange(of: "</\(name)>") {
            found.append(StorageXML(rest[start..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return found
    }

    /// Where the content after `<name>` or `<name attributes>` begins.
    private static func opening(_ name: String, in text: Substring) -> Substring.Index? {
        var rest = text
        while let tag = rest.firstRange(of: "<\(name)") {
            rest = rest[tag.upperBound...]
            guard let next = rest.first else { return nil }
            if next == ">" { return rest.index(after: rest.startIndex) }
            if next.isWhitespace, let end = rest.firstIndex(of: ">") { return rest.index(after: end) }
        }
        return nil
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var output = ""
        var rest = text[...]
        while let sign = rest.firstIndex(of: "&") {
            output += rest[..<sign]
            rest = rest[sign...]
            guard let end = rest.prefix(12).firstIndex(of: ";") else { break }
            let name = rest[rest.index(after: sign)..<end]
            guard let character = character(name) else { break }
            output.append(character)
            rest = rest[rest.index(after: end)...]
        }
        return output + rest
    }

    private static func character(_ name: Substring) -> Character? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let isHex = name.dropFirst().first == "x"
            return UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
                .map(Character.init)
        }
    }
}
