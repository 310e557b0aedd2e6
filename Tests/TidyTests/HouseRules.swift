import Foundation

/// The rules of the house that no compiler knows, each a function from one file to its offences.
enum HouseRules {
    /// The longest line, in columns.
    static let lineLimit = 120
    /// The longest file, in lines.
    static let fileLimit = 400
    /// The longest function, in lines.
    static let functionLimit = 70

    /// The rules for every Swift file.
    static func offences(in file: SourceTree.File) -> [String] {
        let text = SwiftText(file.text)
        return lengthOffences(file, text) + wordOffences(file, text) + uncheckedOffences(file, text)
            + nameOffences(file, text)
    }

    /// The rules for the product alone.
    ///
    /// - Parameter requirements: names of functions that some protocol of the product requires.
    static func productOffences(in file: SourceTree.File, requirements: Set<String> = []) -> [String] {
        let text = SwiftText(file.text)
        return forceOffences(file, text) + documentationOffences(file, text, requirements)
    }

    private static func lengthOffences(_ file: SourceTree.File, _ text: SwiftText) -> [String] {
        var offences: [String] = []
        if file.lineCount > fileLimit {
            offences.append("\(file.path): \(file.lineCount) lines, the limit is \(fileLimit)")
        }
        for (index, line) in file.lines.enumerated() where line.count > lineLimit {
            offences.append("\(file.path):\(index + 1): \(line.count) columns, the limit is \(lineLimit)")
        }
        for function in FunctionLength.all(in: text) where function.length > functionLimit {
            let size = "\(function.length) lines, the limit is \(functionLimit)"
            offences.append("\(file.path):\(function.line): \(function.name) has \(size)")
        }
        return offences
    }

    /// The names of the functions in files that declare a public protocol.
    static func requirements(in files: [SourceTree.File]) -> Set<String> {
        let declaring = files.filter { $0.text.contains("public protocol ") }
        return Set(
            declaring.flatMap { file in
                SwiftText(file.text).codeLines.compactMap { line in
                    line.firstMatch(of: /^\s+(?:mutating\s+)?func\s+(\w+)/).map { String($0.output.1) }
                }
            })
    }

    /// The one place that makes threads of its own, and lets them sleep.
    private static let threads = "Sources/Spool/Threads/"

    /// Words that stand in no file: in code, and notes to oneself also in comments.
    private static func wordOffences(_ file: SourceTree.File, _ text: SwiftText) -> [String] {
        let inCode = ["try!", "fatalError(", "Thread.sleep", "usleep(", "DispatchSemaphore("]
        let anywhere = ["TO" + "DO", "FIX" + "ME"]
        var offences: [String] = []
        for (index, line) in text.codeLines.enumerated() {
            for word in inCode
            where line.contains(word) && !(word == "DispatchSemaphore(" && file.path.hasPrefix(threads)) {
                offences.append("\(file.path):\(index + 1): \(word)")
            }
        }
        for (index, line) in file.lines.enumerated() {
            for word in anywhere where line.contains(word) { offences.append("\(file.path):\(index + 1): \(word)") }
        }
        return offences
    }

    /// `@unchecked Sendable` is allowed with a reason in a comment on the same line or right above.
    private static func uncheckedOffences(_ file: SourceTree.File, _ text: SwiftText) -> [String] {
        let lines = file.lines
        return text.codeLines.indices.compactMap { index in
            guard text.codeLines[index].contains("@unchecked") else { return nil }
            let hasReason = lines[index].contains("//") || (index > 0 && lines[index - 1].contains("//"))
            return hasReason ? nil : "\(file.path):\(index + 1): @unchecked without a reason beside it"
        }
    }

    private static func nameOffences(_ file: SourceTree.File, _ text: SwiftText) -> [String] {
        let pattern = /\b(?:struct|class|enum|actor|protocol)\s+(\w*(?:Manager|Helper|Helpers|Util|Utils|Common))\b/
        return text.codeLines.enumerated().compactMap { index, line in
            guard ["Manager", "Helper", "Util", "Common"].contains(where: line.contains) else { return nil }
            return line.firstMatch(of: pattern).map {
                "\(file.path):\(index + 1): the name \($0.output.1) says nothing"
            }
        }
    }

    /// `value!`, `call()!`, `list[0]!`, and `as!`; never `!=` or a leading `!flag`.
    private static func forceOffences(_ file: SourceTree.File, _ text: SwiftText) -> [String] {
        let pattern = /(?:[\w)\]}"]!(?!=)|\bas!)/
        return text.codeLines.enumerated().compactMap { index, line in
            line.contains("!") && line.contains(pattern) ? "\(file.path):\(index + 1): a forced unwrap" : nil
        }
    }

    /// Every public type, and every public function longer than a line, tells what callers must know.
    ///
    /// Initializers that fill in properties and one-line functions with telling names explain themselves; what a
    /// protocol requires is explained there.
    private static func documentationOffences(
        _ file: SourceTree.File, _ text: SwiftText, _ requirements: Set<String>
    ) -> [String] {
        let pattern =
            #/
            ^\s* public \s+ (?:(?:static|final|mutating|indirect|nonisolated) \s+)*
            (struct|class|enum|actor|protocol|func) \s+ ([^\s(<:{]+|<)
            /#
        let known = requirements.union(["<", "==", "hash", "encode", "makeAsyncIterator", "next", "run", "validate"])
        let lines = file.lines
        return text.codeLines.indices.compactMap { index in
            guard text.codeLines[index].contains("public") else { return nil }
            if text.codeLines[index].contains("func "), text.codeLines[index].hasSuffix("}") { return nil }
            guard let match = text.codeLines[index].firstMatch(of: pattern), !known.contains(String(match.output.2))
            else {
                return nil
            }
            var above = index - 1
            while above >= 0, lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("@") { above -= 1 }
            let hasComment = above >= 0 && lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("///")
            return hasComment
                ? nil : "\(file.path):\(index + 1): public \(match.output.1) \(match.output.2) has no comment"
        }
    }
}
