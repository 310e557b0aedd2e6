import JobCore
import Testing

@Suite struct JSONReaderTests {
    static func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

    @Test(
        arguments: [
            ("null", .null), ("true", .bool(true)), (" false\r\n\t ", .bool(false)),
            ("0", 0), ("-0", 0), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5", 1.5), ("-1.25e2", -125.0),
            ("1E+2", 100.0), ("2e-1", 0.2), ("1e-400", 0.0), ("\"\"", ""), ("[]", []), ("{}", [:]),
            ("[1,[2],{\"a\":[]}]", [1, [2], ["a": []]]), ("\u{FEFF}{\"a\":1}", ["a": 1]),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u6F22\uD83C\uDFAC""#, "é漢🎬"),
            ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"), (#"{"":{"":null}}"#, ["": ["": .null]]),
        ] as [(String, JSONValue)])
    func read_legalText_yieldsTheValue(text: String, value: JSONValue) throws {
        #expect(try Self.read(text) == value)
    }

    /// Text, reason, line, column.
    @Test(arguments: [
        ("{\"a\":1}x", "unexpected text after the value", 1, 8), ("1 2", "unexpected text after the value", 1, 3),
        ("{a:1}", "a key in double quotes is expected", 1, 2), ("{'a':1}", "a key in double quotes is expected", 1, 2),
        ("{\"a\":1,}", "a key in double quotes is expected", 1, 8), ("{\"a\" 1}", "\":\" is expected", 1, 6),
        ("{\"a\":1 \"b\":2}", "\",\" is expected", 1, 8), ("[1,]", "a JSON value is expected", 1, 4),
        ("[1 2]", "\",\" is expected", 1, 4), ("[,1]", "a JSON value is expected", 1, 2),
        ("{\n  \"a\": tru,\n}", "\"e\" is expected", 2, 11), ("nul1", "\"l\" is expected", 1, 4),
        ("NaN", "a JSON value is expected", 1, 1), ("Infinity", "a JSON value is expected", 1, 1),
        ("+1", "a JSON value is expected", 1, 1), (".5", "a JSON value is expected", 1, 1),
        ("01", "unexpected text after the value", 1, 2), ("1.x", "a JSON value is expected", 1, 3),
        ("1e+x", "a JSON value is expected", 1, 4), ("0x10", "unexpected text after the value", 1, 2),
        ("1e400", "a number too large to hold", 1, 6), ("-1e400", "a number too large to hold", 1, 7),
        ("\"\u{1}\"", "a control character inside a string", 1, 2),
        ("\"a\nb\"", "a control character inside a string", 1, 3),
        ("\"\u{0}\"", "a control character inside a string", 1, 2),
        (#""\u0000""#, "a NUL character inside a string", 1, 8),
        (#""\x""#, "an unknown escape in a string", 1, 4),
        (#""\u12G4""#, "four hexadecimal digits are expected after \\u", 1, 6),
        (#""\uD83C""#, "\"\\\" is expected", 1, 8), (#""\uD83C\n""#, "\"u\" is expected", 1, 9),
        (#""\uD83C\u0041""#, "half of a surrogate pair", 1, 14), (#""\uDFAC""#, "half of a surrogate pair", 1, 8),
        ("{\"a\":1,\n\"a\":2}", "the key \"a\" stands twice", 2, 6),
        (#"{"a":1,"\u0061":2}"#, "the key \"a\" stands twice", 1, 18),
        ("// no\n{}", "a JSON value is expected", 1, 1), ("\u{A0}1", "a JSON value is expected", 1, 1),
    ])
    func read_badText_saysWhatAndWhere(text: String, reason: String, line: Int, column: Int) {
        #expect {
            try Self.read(text)
        } throws: {
            let error = $0 as? JSONReader.SyntaxError
            let isEqual = error?.reason == reason && error?.line == line && error?.column == column
            if !isEqual { Issue.record("\(text): \(String(describing: error))") }
            return isEqual && error?.isIncomplete == false
        }
    }

    @Test(arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]] as [[UInt8]])
    func read_stringThatIsNotUTF8_isRefused(bytes: [UInt8]) {
        #expect {
            try JSONReader.read([0x22] + bytes + [0x22])
        } throws: {
            ($0 as? JSONReader.SyntaxError)?.reason == "text that is not UTF-8"
        }
    }

    @Test(arguments: [
        "", "  \n", "{", "{\"a", "{\"a\\", "{\"a\"", "{\"a\":", "{\"a\":t", "{\"a\":-", "{\"a\":1.", "{\"a\":1e", "[1,",
        "\"\\uD8",
    ])
    func read_textThatEndsTooEarly_isIncomplete(text: String) {
        #expect {
            try Self.read(text)
        } throws: {
            let error = $0 as? JSONReader.SyntaxError
            return error?.isIncomplete == true && error?.reason == "the text ends too early"
        }
    }

    @Test(arguments: [[0xEF], [0xEF, 0xBB], [0xEF, 0xBB, 0xBF]] as [[UInt8]])
    func read_cutInsideTheByteOrderMark_isIncomplete(bytes: [UInt8]) {
        #expect {
            try JSONReader.read(bytes)
        } throws: {
            ($0 as? JSONReader.SyntaxError)?.isIncomplete == true
        }
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}")])
    func read_nestedToTheLimit_readsAndOnePastIsRefused(open: String, close: String) throws {
        func nested(_ depth: Int, inner: String) -> String {
            String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
        }
        let limit = JSONReader.maximumDepth
        #expect(throws: Never.self) { try Self.read(nested(limit, inner: "1")) }
        for text in [nested(limit + 1, inner: "1"), nested(limit, inner: "[]"), nested(limit, inner: "{}")] {
            #expect {
                try Self.read(text)
            } throws: {
                ($0 as? JSONReader.SyntaxError)?.reason == "nested deeper than \(limit) levels"
            }
        }
        #expect(throws: JSONReader.SyntaxError.self) { try Self.read(String(repeating: open, count: 20_000)) }
    }
}
