import Testing

@Suite("Swift text")
struct SwiftTextTests {
    @Test(arguments: [
        ("a // b", "a     "), ("a /* b /* c */ d */ e", "a                   e"), ("\"x{y\"", "\"   \""),
        ("\"a\\\"b\" + c", "\"    \" + c"), ("#\"a\"b\"# + c", " \"   \"  + c"),
        ("\"\\(f(\"}\"))\" + c", "\"         \" + c"),
        ("\"\"\"\n{ \"x\"\n\"\"\" + c", "\"\"\"\n     \n\"\"\" + c"),
        ("\"// no comment\" + c", "\"             \" + c"),
    ])
    func codeLines_blankStringsAndComments_andKeepColumns(source: String, code: String) {
        #expect(SwiftText(source).codeLines.joined(separator: "\n") == code)
    }

    @Test func functionLength_countsFromKeywordToClosingBrace() {
        let source = """
            struct S {
                init(a: Int) {
                    self.init()
                }
                func one() { two() }
                func long(
                    a: Int,
                    b: Int = { 5 }()
                ) -> Int
                where A: B {
                    let text = "}"
                    // }
                    return [1].map { $0 }.count
                }
            }
            protocol P {
                func requirement() async throws
                func other(a: Int) -> Int
            }
            """
        #expect(
            FunctionLength.all(in: SwiftText(source)) == [
                FunctionLength(line: 2, name: "init", length: 3), FunctionLength(line: 5, name: "one", length: 1),
                FunctionLength(line: 6, name: "long", length: 9),
            ])
    }
}
