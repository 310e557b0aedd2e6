/// NUL characters in JSON that came over HTTP. No file may hold one, for it would cut texts short; a client that sends
/// one by mistake gets U+FFFD in its place, as in HTML.
enum NULEscape {
    /// JSON with `\ufffd` for every `\u0000`.
    static func replaced(in bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "\\")) else { return bytes }
        var (result, index) = (bytes, 0)
        while index < result.count {
            guard result[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            if result[index...].starts(with: #"\u0000"#.utf8) {
                result.replaceSubrange(index + 2..<index + 6, with: "fffd".utf8)
            }
            // What follows a backslash belongs to it, also another backslash.
            index += 2
        }
        return result
    }
}
