import JobCore
import Testing

@Suite struct JSONWriterTests {
    @Test func pretty_sortsKeysIndentsAndEndsWithANewline() {
        let value: JSONValue = ["b": [1, "x", [:], []], "a": ["z": .null, "y": true], "B": 1.5]
        let expected = """
            {
              "B": 1.5,
              "a": {
                "y": true,
                "z": null
              },
              "b": [
                1,
                "x",
                {},
                []
              ]
            }

            """
        #expect(String(decoding: JSONWriter.pretty(value), as: UTF8.self) == expected)
    }

    @Test func compact_isOneLineWithoutSpaces() {
        #expect(JSONWriter.compact(["b": [1, 2], "a": "x y"]) == #"{"a":"x y","b":[1,2]}"#)
    }

    @Test(
        arguments: [
            (5.0, "5"), (-0.0, "0"), (0.1, "0.1"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
            (.infinity, "null"), (-.infinity, "null"), (.nan, "null"),
            // The last is Int64.min, which has no positive twin.
            (9_007_199_254_740_991, "9007199254740991"), (-9_223_372_036_854_775_808, "-9.223372036854776e+18"),
        ] as [(Double, String)])
    func compact_number_isShortAndReadsBackEqual(number: Double, text: String) throws {
        let written = JSONWriter.compact(.number(number))
        #expect(written == text)
        if number.isFinite { #expect(try JSONReader.read(Array(written.utf8)).number == number) }
    }

    @Test func compact_string_escapesControlsAndKeepsUnicode() {
        #expect(JSONWriter.compact("\"\\\n\r\t\u{1}\u{1F}\u{7F}é🎬/") == #""\"\\\n\r\t\u0001\u001f\u007fé🎬/""#)
    }

    @Test func value_accessors_answerOnlyForTheirKind() {
        let all: [JSONValue] = [.null, true, 7, 7.5, "x", [1], ["a": 1]]
        #expect(
            all.map(\.kindName) == ["null", "a boolean", "a number", "a number", "a string", "an array", "an object"])
        #expect(all.map { $0.object != nil } == [false, false, false, false, false, false, true])
        #expect(all.map { $0.array != nil } == [false, false, false, false, false, true, false])
        #expect(all.map(\.string) == [nil, nil, nil, nil, "x", nil, nil])
        #expect(all.map(\.bool) == [nil, true, nil, nil, nil, nil, nil])
        #expect(all.map(\.integer) == [nil, nil, 7, nil, nil, nil, nil])
        #expect(all.map(\.number) == [nil, nil, 7, 7.5, nil, nil, nil])
        #expect(JSONValue.number(5.0).integer == 5)
        #expect(JSONValue.number(1e300).integer == nil)
    }
}
