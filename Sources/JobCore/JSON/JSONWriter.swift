/// Writes JSON: pretty with sorted keys for files that people read, compact for streams and columns.
///
/// Sorted keys make equal values equal bytes, so that golden files and checksums hold.
public struct JSONWriter: Sendable {
    private var output: [UInt8] = []
    private let isPretty: Bool

    private init(isPretty: Bool) { self.isPretty = isPretty }

    /// Two spaces of indentation, sorted keys, a newline at the end.
    public static func pretty(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter(isPretty: true)
        writer.output.reserveCapacity(2048)
        writer.write(value, indent: 0)
        writer.output.append(0x0A)
        return writer.output
    }

    /// One line without spaces, sorted keys, no newline.
    public static func compact(_ value: JSONValue) -> String {
        var writer = JSONWriter(isPretty: false)
        writer.write(value, indent: 0)
        return String(decoding: writer.output, as: UTF8.self)
    }

    private mutating func write(_ value: JSONValue, indent: Int) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let number): append(String(number))
        case .number(let number): append(Self.text(of: number))
        case .string(let text): write(text)
        case .array(let elements):
            list("[", "]", count: elements.count, indent: indent) { writer, index in
                writer.write(elements[index], indent: indent + 1)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key < $1.key }
            list("{", "}", count: sorted.count, indent: indent) { writer, index in
                writer.write(sorted[index].key)
                writer.append(writer.isPretty ? ": " : ":")
                writer.write(sorted[index].value, indent: indent + 1)
            }
        }
    }

    private mutating func list(
        _ open: String, _ close: String, count: Int, indent: Int, item: (inout JSONWriter, Int) -> Void
    ) {
        append(open)
        for index in 0..<count {
            if index > 0 { append(",") }
            breakLine(indent: indent + 1)
            item(&self, index)
        }
        if count > 0 { breakLine(indent: indent) }
        append(close)
    }

    private mutating func breakLine(indent: Int) {
        guard isPretty else { return }
        output.append(0x0A)
        output.append(contentsOf: repeatElement(0x20, count: indent * 2))
    }

    private mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        let isCopied =
            text.utf8.withContiguousStorageIfAvailable { bytes in
                guard bytes.allSatisfy(Self.isPlain) else { return false }
                output.append(contentsOf: bytes)
                return true
            } ?? false
        if !isCopied { writeEscaped(text) }
        output.append(UInt8(ascii: "\""))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func writeEscaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20, 0x7F: append("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            default: output.append(byte)
            }
        }
    }

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

    /// Whole numbers without a fraction (`5`, not `5.0`); JSON has no infinity, so those become null.
    private static func text(of number: Double) -> String {
        guard number.isFinite else { return "null" }
        if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 { return String(whole) }
        return number.description
    }
}
