/// How long the functions of a file are, by counting braces in its code.
struct FunctionLength: Equatable {
    /// Line of the keyword, counted from 1.
    let line: Int
    let name: String
    /// Lines from the keyword to the closing brace, both included.
    let length: Int

    /// Every function and initializer with a body, also nested ones.
    static func all(in text: SwiftText) -> [FunctionLength] {
        var found: [FunctionLength] = []
        for (index, line) in text.codeLines.enumerated() {
            // Most lines have none of these words, and asking so is cheaper than a pattern.
            guard ["func", "init", "subscript"].contains(where: line.contains) else { continue }
            guard let match = line.firstMatch(of: /(?:^|\s)(?:func\s+([^\s(<]+)|(init|deinit|subscript)(?=[?(<\s]))/)
            else { continue }
            // `self.init(…)` and `.init(…)` are calls: the pattern wants a space or the line's start before the word.
            guard let end = closingLine(of: text.codeLines, from: index) else { continue }
            let name = match.output.1 ?? match.output.2 ?? ""
            found.append(FunctionLength(line: index + 1, name: String(name), length: end - index + 1))
        }
        return found
    }

    /// The line of the brace that closes the first one from here on; nil for a requirement without a body.
    private static func closingLine(of lines: [String], from start: Int) -> Int? {
        var braces = 0
        var parentheses = 0
        for index in start..<lines.count {
            for character in lines[index] {
                switch character {
                case "(", "[": parentheses += 1
                case ")", "]": parentheses -= 1
                case "{" where parentheses == 0 || braces > 0: braces += 1
                case "}" where parentheses == 0 || braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                    // The brace of the type around it: this was a requirement of a protocol.
                    if braces < 0 { return nil }
                default: break
                }
            }
            let next = index + 1 < lines.count ? lines[index + 1].trimmingPrefix(while: \.isWhitespace) : ""
            let goesOn = parentheses > 0 || ["{", "->", "throws", "async", "where"].contains { next.hasPrefix($0) }
            if braces == 0, !goesOn { return nil }
        }
        return nil
    }
}
