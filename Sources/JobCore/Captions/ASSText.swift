/// Text inside an event of an .ass file, as libass reads it.
///
/// Three characters have a meaning there: `{` opens override tags, `\` begins an escape, a line end ends the event.
/// https://github.com/libass/libass/wiki/ASSv5-Override-Tags
///
/// What raw text from a file can do was considered: tags choose fonts by name among those that are installed, sizes,
/// colours, places and drawings. None opens a file, reaches the network or runs anything; libass bounds blurs and
/// bitmaps itself; `Cue.textLimit` and `CaptionTrack.cueLimit` bound the rest. So tags are kept; only what could end
/// the event, or turn round what people read, is taken out.
public enum ASSText {
    /// Follows a literal backslash, so that it begins no escape; libass draws nothing for it.
    static let wordJoiner: Unicode.Scalar = "\u{2060}"

    /// Plain text, so that libass shows every character as it stands; line ends become `\N`.
    public static func escaped(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in tame(text) {
            switch scalar {
            case "{", "}": output.append(contentsOf: ["\\", scalar])
            case "\\": output.append(contentsOf: ["\\", wordJoiner])
            case "\n": output.append(contentsOf: ["\\", "N"])
            default: output.append(scalar)
            }
        }
        return String(output)
    }

    /// Text with tags, on one line: line ends become `\N`.
    static func cleaned(_ raw: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in tame(raw) {
            output.append(contentsOf: scalar == "\n" ? ["\\", "N"] : [scalar])
        }
        return String(output)
    }

    /// Every kind of line end as a line feed, tabs as spaces; without control characters and bidirectional overrides.
    ///
    /// Embeddings, isolates and marks stay: Hebrew and Arabic captions need them, and they end with their line.
    static func tame(_ text: String) -> String.UnicodeScalarView {
        var output = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where isAfterReturn: break
            case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": output.append("\n")
            case "\t": output.append(" ")
            case "\u{202D}", "\u{202E}": break
            default:
                if scalar.properties.generalCategory != .control { output.append(scalar) }
            }
            isAfterReturn = scalar == "\r"
        }
        return output
    }

    /// What people read of text with tags: without tags and drawings, `\N` as a line feed.
    public static func plain(_ raw: String) -> String {
        let scalars = Array(cleaned(raw).unicodeScalars)
        var output = String.UnicodeScalarView()
        var isDrawing = false
        var position = 0
        while position < scalars.count {
            let next = position + 1 < scalars.count ? scalars[position + 1] : nil
            if scalars[position] == "{", let close = scalars[position...].firstIndex(of: "}") {
                isDrawing = draws(scalars[position..<close]) ?? isDrawing
                position = close + 1
                continue
            }
            var (shown, length) = (scalars[position], 1)
            if shown == "\\", let next, let escape = escapes[next] { (shown, length) = (escape, 2) }
            if !isDrawing { output.append(shown) }
            position += length
        }
        return String(output)
    }

    /// Whether the looks of raw text change while it is shown, so that they depend on when its event began.
    ///
    /// The tags are `\t \move \fad \fade` and karaoke's `\k \K \kf \ko \kt`; a few harmless ones are taken for them.
    static func isAnimated(_ raw: String) -> Bool {
        tags(in: raw).contains { tag in ["t", "m", "fad", "k", "K"].contains { tag.hasPrefix($0) } }
    }

    /// Whether raw text may fall back on a style of another name: `\rName`.
    static func resets(_ raw: String) -> Bool { tags(in: raw).contains { $0.hasPrefix("r") } }

    /// What `\` and this character stand for; with a joiner it is the backslash that `escaped` wrote.
    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "N": "\n", "n": " ", "h": "\u{A0}", "{": "{", "}": "}", wordJoiner: "\\",
    ]

    /// What follows each backslash inside braces; and, since nothing is lost by it, outside.
    private static func tags(in raw: String) -> [Substring] {
        guard raw.utf8.contains(UInt8(ascii: "{")) else { return [] }
        return raw.split(separator: "\\", omittingEmptySubsequences: false).dropFirst().map { $0.drop { $0 == " " } }
    }

    /// Whether a block turns drawing on (`\p1`) or off (`\p0`); nil when it says nothing of it.
    private static func draws(_ block: ArraySlice<Unicode.Scalar>) -> Bool? {
        var draws: Bool?
        for tag in block.split(separator: "\\").map({ $0.drop { $0 == " " } }) where tag.first == "p" {
            guard let digit = tag.dropFirst().first, ("0"..."9").contains(digit) else { continue }
            draws = digit != "0"
        }
        return draws
    }
}
