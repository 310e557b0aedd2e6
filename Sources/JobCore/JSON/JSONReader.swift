/// A strict, bounded reader of one JSON text (RFC 8259).
///
/// Invariants:
/// 1. No proper prefix of an object reads as a complete object, so "it reads" proves that an appended file is whole
///    (`isIncomplete` tells "ends too early" from "can never become right").
/// 2. Depth and size are bounded: 20,000 brackets are an error, never a crash.
/// 3. A key that stands twice is an error: two readers would disagree on which one counts.
public struct JSONReader: Sendable {
    /// Why a text is not JSON, and where.
    public struct SyntaxError: Error, Sendable, Equatable {
        /// What is wrong, for people.
        public let reason: String
        /// Position, both counted from 1; the column counts bytes.
        public let line: Int, column: Int
        /// True when the text only ended too early: more bytes could make it right.
        public let isIncomplete: Bool
    }

    /// How deep arrays and objects may nest.
    public static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads exactly one value with nothing but white space around it.
    ///
    /// - Throws: `SyntaxError` with line and column.
    public static func read(_ bytes: [UInt8]) throws(SyntaxError) -> JSONValue {
        var reader = JSONReader(bytes)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if bytes.starts(with: mark) { reader.position = 3 }
        guard bytes.count >= 3 || !mark.starts(with: bytes) else { throw reader.endsTooEarly() }
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.error("unexpected text after the value") }
        return value
    }

    private mutating func value(depth: Int) throws(SyntaxError) -> JSONValue {
        skipSpace()
        let first = try peek()
        guard depth < Self.maximumDepth || (first != UInt8(ascii: "{") && first != UInt8(ascii: "[")) else {
            throw error("nested deeper than \(Self.maximumDepth) levels")
        }
        switch first {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(SyntaxError) -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if try peek() == UInt8(ascii: "}") { position += 1; return .object(members) }
        while true {
            skipSpace()
            guard try peek() == UInt8(ascii: "\"") else { throw error("a key in double quotes is expected") }
            let key = try string()
            skipSpace()
            try expect(UInt8(ascii: ":"))
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: key) == nil else {
                throw error("the key \"\(key.prefix(64))\" stands twice")
            }
            skipSpace()
            if try peek() == UInt8(ascii: "}") { position += 1; return .object(members) }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func array(depth: Int) throws(SyntaxError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if try peek() == UInt8(ascii: "]") { position += 1; return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if try peek() == UInt8(ascii: "]") { position += 1; return .array(elements) }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(SyntaxError) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[offset]) }
        return value
    }

    private mutating func string() throws(SyntaxError) -> String {
        position += 1
        let start = position
        // Most of a string is plain: a tight loop, and the bytes are copied once.
        while position < bytes.count, Self.isPlain(bytes[position]) { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            guard let decoded = String(validating: bytes[start..<position], as: UTF8.self) else {
                throw error("text that is not UTF-8")
            }
            position += 1
            return decoded
        }
        return try string(from: start)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// The rest of a string that is not plain up to its end.
    private mutating func string(from start: Int) throws(SyntaxError) -> String {
        var unescaped: [UInt8]?
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                let text = unescaped ?? Array(bytes[start..<position])
                guard let decoded = String(validating: text, as: UTF8.self) else {
                    throw error("text that is not UTF-8")
                }
                position += 1
                return decoded
            case UInt8(ascii: "\\"):
                if unescaped == nil { unescaped = Array(bytes[start..<position]) }
                unescaped?.append(contentsOf: try escape())
            case 0..<0x20: throw error("a control character inside a string")
            default:
                unescaped?.append(byte)
                position += 1
            }
        }
    }

    private mutating func escape() throws(SyntaxError) -> [UInt8] {
        position += 1
        let byte = try peek()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("an unknown escape in a string")
        }
    }

    private mutating func unicodeEscape() throws(SyntaxError) -> [UInt8] {
        var code = UInt32(try hexQuad())
        if (0xD800..<0xDC00).contains(code) {
            try expect(UInt8(ascii: "\\"))
            try expect(UInt8(ascii: "u"))
            let low = UInt32(try hexQuad())
            guard (0xDC00..<0xE000).contains(low) else { throw error("half of a surrogate pair") }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair") }
        // A NUL would cut file names and C strings short wherever the text goes next.
        guard code != 0 else { throw error("a NUL character inside a string") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexQuad() throws(SyntaxError) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try peek())).hexDigitValue else {
                throw error("four hexadecimal digits are expected after \\u")
            }
            code = code << 4 | UInt16(digit)
            position += 1
        }
        return code
    }

    /// A number by the grammar of RFC 8259 section 6; `String` to number is left to the standard library.
    private mutating func number() throws(SyntaxError) -> JSONValue {
        let start = position
        var isInteger = true
        if try peek() == UInt8(ascii: "-") { position += 1 }
        if try peek() == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try digits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            let sign = try peek()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let exact = Int64(text) { return .integer(exact) }
        guard let value = Double(text), value.isFinite else { throw error("a number too large to hold") }
        return .number(value)
    }

    private mutating func digits() throws(SyntaxError) {
        let start = position
        let decimals = UInt8(ascii: "0")...UInt8(ascii: "9")
        while position < bytes.count, decimals.contains(bytes[position]) { position += 1 }
        if position == start {
            _ = try peek()
            throw error("a JSON value is expected")
        }
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func peek() throws(SyntaxError) -> UInt8 {
        guard position < bytes.count else {
            throw endsTooEarly()
        }
        return bytes[position]
    }

    private func endsTooEarly() -> SyntaxError { error("the text ends too early", isIncomplete: true) }

    private mutating func expect(_ byte: UInt8) throws(SyntaxError) {
        guard try peek() == byte else { throw error("\"\(Character(Unicode.Scalar(byte)))\" is expected") }
        position += 1
    }

    private func error(_ reason: String, isIncomplete: Bool = false) -> SyntaxError {
        let before = bytes.prefix(position)
        let line = before.count(where: { $0 == 0x0A }) + 1
        let column = position - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return SyntaxError(reason: reason, line: line, column: column, isIncomplete: isIncomplete)
    }
}
