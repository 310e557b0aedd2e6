/// Reads a `.env`: `KEY=value` by line, as shells and dotenv tools write it.
///
/// - `export KEY=value`, white space around key and value, empty lines and `# comment` lines.
/// - `'…'` is taken as it stands; `"…"` knows `\n \r \t \" \\ \$`; a value ends on its line.
/// - Without quotes, ` #` begins a comment and `#` alone does not: `COLOR=#fff`.
/// - A byte order mark and CRLF are fine. Nothing is expanded.
public enum EnvFile {
    /// The values (the last of a key counts) and one sentence for each line that is not understood.
    ///
    /// No sentence holds a value: a malformed line is often a secret.
    public static func parse(_ text: String) -> (values: [String: String], problems: [String]) {
        var values: [String: String] = [:]
        var problems: [String] = []
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            switch Line(line) {
            case .empty: continue
            case .pair(let key, let value):
                if values.updateValue(value, forKey: key) != nil {
                    problems.append("line \(index + 1) sets \(key) once more; this one counts.")
                }
            case .malformed(let reason): problems.append("line \(index + 1) \(reason).")
            }
        }
        return (values, problems)
    }

    private enum Line {
        case empty
        case pair(String, String)
        case malformed(String)

        init(_ line: ArraySlice<UInt8>) {
            var text = EnvFile.trimmed(line)
            guard let first = text.first, first != UInt8(ascii: "#") else { self = .empty; return }
            if text.starts(with: Array("export".utf8)), let next = text.dropFirst(6).first, EnvFile.isSpace(next) {
                text = EnvFile.trimmed(text.dropFirst(6))
            }
            guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else {
                self = .malformed("is not KEY=value")
                return
            }
            let key = String(decoding: EnvFile.trimmed(text[..<equals]), as: UTF8.self)
            guard EnvFile.isKey(key) else {
                self = .malformed("has no key of letters, digits and _ before the \"=\"")
                return
            }
            let value = EnvFile.trimmed(text[(equals + 1)...])
            let isQuoted = value.first == UInt8(ascii: "\"") || value.first == UInt8(ascii: "'")
            self = isQuoted ? Self.quoted(key, value) : .pair(key, EnvFile.bare(text[(equals + 1)...]))
        }

        private static func quoted(_ key: String, _ value: ArraySlice<UInt8>) -> Line {
            let quote = value[value.startIndex]
            var content: [UInt8] = []
            var position = value.startIndex + 1
            while position < value.endIndex, value[position] != quote {
                if quote == UInt8(ascii: "\""), value[position] == UInt8(ascii: "\\"), position + 1 < value.endIndex {
                    content += EnvFile.unescaped(value[position + 1])
                    position += 2
                } else {
                    content.append(value[position])
                    position += 1
                }
            }
            guard position < value.endIndex else { return .malformed("opens a quote for \(key) and does not close it") }
            let rest = value[(position + 1)...]
            let isComment = rest.first.map(EnvFile.isSpace) == true && EnvFile.trimmed(rest).first == UInt8(ascii: "#")
            guard rest.isEmpty || isComment else { return .malformed("has text after the closing quote of \(key)") }
            return .pair(key, String(decoding: content, as: UTF8.self))
        }
    }

    /// A value without quotes, up to white space and `#`.
    private static func bare(_ text: ArraySlice<UInt8>) -> String {
        var end = text.startIndex
        while end < text.endIndex {
            if text[end] == UInt8(ascii: "#"), end > text.startIndex, isSpace(text[end - 1]) { break }
            end += 1
        }
        return String(decoding: trimmed(text[..<end]), as: UTF8.self)
    }

    private static func unescaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "n"): [0x0A]
        case UInt8(ascii: "r"): [0x0D]
        case UInt8(ascii: "t"): [0x09]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): [byte]
        default: [UInt8(ascii: "\\"), byte]
        }
    }

    private static func isKey(_ key: String) -> Bool {
        let startsWithDigit = key.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
        return !startsWithDigit
            && key.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else { return text.prefix(0) }
        return text[first...last]
    }
}
