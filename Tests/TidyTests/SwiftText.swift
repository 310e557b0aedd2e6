/// Swift source with comments and the insides of string literals blanked out, line by line as before.
///
/// An approximation that suffices for house rules: it knows `//`, nested `/* */`, `"…"` with escapes, `"""…"""`, raw
/// strings with any number of `#`, and blanks interpolations with the string they stand in. It does not know regex
/// literals.
struct SwiftText {
    /// The code alone; each line has as many bytes as in the source.
    let codeLines: [String]

    init(_ source: String) {
        var scanner = Scanner(source: Array(source.utf8))
        codeLines = scanner.code().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private struct Scanner {
        let source: [UInt8]
        let newline = UInt8(ascii: "\n")
        let space = UInt8(ascii: " ")
        var position = 0
        var output: [UInt8] = []

        init(source: [UInt8]) {
            self.source = source
            output.reserveCapacity(source.count)
        }

        mutating func code() -> String {
            while position < source.count {
                if starts("//") {
                    while position < source.count, source[position] != newline { blank() }
                } else if starts("/*") {
                    skipBlockComment()
                } else if let hashes = stringStart() {
                    skipString(hashes: hashes)
                } else {
                    output.append(source[position])
                    position += 1
                }
            }
            return String(decoding: output, as: UTF8.self)
        }

        private func starts(_ text: String) -> Bool {
            var index = position
            for byte in text.utf8 {
                guard index < source.count, source[index] == byte else { return false }
                index += 1
            }
            return true
        }

        /// Passes one character, a space in its place; line breaks stay.
        private mutating func blank(_ count: Int = 1) {
            for _ in 0..<count where position < source.count {
                output.append(source[position] == newline ? newline : space)
                position += 1
            }
        }

        private mutating func skipBlockComment() {
            var depth = 0
            repeat {
                if starts("/*") {
                    depth += 1
                    blank(2)
                } else if starts("*/") {
                    depth -= 1
                    blank(2)
                } else {
                    blank()
                }
            } while depth > 0 && position < source.count
        }

        /// The number of `#` before a quote at this place; nil where no string begins.
        private func stringStart() -> Int? {
            var index = position
            while index < source.count, source[index] == UInt8(ascii: "#") { index += 1 }
            return index < source.count && source[index] == UInt8(ascii: "\"") ? index - position : nil
        }

        /// The quotes stay, as `""`, so that what follows still sees a literal.
        private mutating func skipString(hashes: Int) {
            let pounds = String(repeating: "#", count: hashes)
            blank(hashes)
            let quotes = starts("\"\"\"") ? "\"\"\"" : "\""
            keep(quotes.count)
            let escape = "\\" + pounds
            while position < source.count, !starts(quotes + pounds) {
                if starts(escape + "(") {
                    blank(escape.count + 1)
                    skipInterpolation()
                } else if starts(escape) {
                    blank(escape.count + 1)
                } else if quotes.count == 1, source[position] == newline {
                    return
                } else {
                    blank()
                }
            }
            keep(quotes.count)
            blank(hashes)
        }

        private mutating func skipInterpolation() {
            var depth = 1
            while position < source.count, depth > 0 {
                if let hashes = stringStart() {
                    let mark = output.count
                    skipString(hashes: hashes)
                    for index in mark..<output.count where output[index] == UInt8(ascii: "\"") {
                        output[index] = space
                    }
                    continue
                }
                if source[position] == UInt8(ascii: "(") { depth += 1 }
                if source[position] == UInt8(ascii: ")") { depth -= 1 }
                blank()
            }
        }

        private mutating func keep(_ count: Int) {
            for _ in 0..<count where position < source.count {
                output.append(source[position])
                position += 1
            }
        }
    }
}
