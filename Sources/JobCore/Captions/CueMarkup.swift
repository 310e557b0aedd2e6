/// The text of a SubRip or WebVTT cue, freed of its tags and entities.
///
/// Italics, bold and underline become ASS tags; all other tags go, what stands between them stays. One pass: what an
/// entity spells (`&lt;i&gt;`) is text and never read as a tag.
struct CueMarkup {
    enum Dialect {
        /// Only names in use are tags, so that `I <3 you` stays; `{\…}`, which players know from ASS, goes.
        case subRip
        /// Everything between `<` and `>` is a tag; texts write `&lt;`.
        case webVTT
    }

    /// For a `Cue`, as `isRaw` says.
    private(set) var text = ""
    private(set) var isRaw = false
    /// Whether `{\an7}` to `{\an9}` asks for the top of the picture.
    private(set) var isAtTop = false

    private static let names: Set<String> = [
        "i", "b", "u", "s", "em", "strong", "font", "c", "v", "lang", "ruby", "rt",
    ]
    private static let entities: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "lrm": "\u{200E}",
        "rlm": "\u{200F}",
    ]

    init(_ source: String, _ dialect: Dialect) {
        let scalars = Array(source.unicodeScalars)
        var pieces: [Piece] = []
        var plain = String.UnicodeScalarView()
        var position = 0
        while position < scalars.count {
            let rest = scalars[position...]
            if let tag = Self.tag(rest, dialect) {
                if let style = tag.style {
                    pieces += [.text(String(plain)), .tag(style)]
                    plain = String.UnicodeScalarView()
                }
                position = tag.end
            } else if dialect == .subRip, let end = Self.override(rest) {
                isAtTop = isAtTop || Self.asksForTop(scalars[position..<end])
                position = end
            } else if let entity = Self.entity(rest) {
                plain.append(entity.scalar)
                position = entity.end
            } else {
                plain.append(scalars[position])
                position += 1
            }
        }
        pieces.append(.text(String(plain)))
        let texts = pieces.compactMap { piece in if case .text(let text) = piece { text } else { nil } }
        isRaw = pieces.count > 1 && !texts.allSatisfy(\.isEmpty)
        text = isRaw ? pieces.map(\.raw).joined() : texts.joined()
    }

    private enum Piece {
        case text(String)
        /// `i1` begins italics, `i` goes back to the style's own.
        case tag(String)

        var raw: String {
            switch self {
            case .text(let text): ASSText.escaped(text)
            case .tag(let tag): "{\\\(tag)}"
            }
        }
    }

    /// Where the tag that stands here ends, and what it means to ASS; nil when none stands here.
    private static func tag(_ rest: ArraySlice<Unicode.Scalar>, _ dialect: Dialect) -> (end: Int, style: String?)? {
        guard rest.first == "<", let close = rest.firstIndex(of: ">") else { return nil }
        var inner = rest[(rest.startIndex + 1)..<close]
        guard dialect == .webVTT || !inner.contains("\n") else { return nil }
        let isEnd = inner.first == "/"
        if isEnd { inner = inner.dropFirst() }
        let letters = inner.prefix { $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) }
        let name = String(String.UnicodeScalarView(letters)).lowercased()
        guard dialect == .webVTT || names.contains(name) else { return nil }
        let style = ["i": "i", "em": "i", "b": "b", "strong": "b", "u": "u"][name]
        return (close + 1, style.map { isEnd ? $0 : "\($0)1" })
    }

    /// Where the `{\…}` that stands here ends.
    private static func override(_ rest: ArraySlice<Unicode.Scalar>) -> Int? {
        guard rest.first == "{", rest.dropFirst().first == "\\" else { return nil }
        return rest.firstIndex(of: "}").map { $0 + 1 }
    }

    private static func asksForTop(_ block: ArraySlice<Unicode.Scalar>) -> Bool {
        let text = String(String.UnicodeScalarView(block))
        return ["\\an7", "\\an8", "\\an9"].contains { text.contains($0) }
    }

    private static func entity(_ rest: ArraySlice<Unicode.Scalar>) -> (end: Int, scalar: Unicode.Scalar)? {
        guard rest.first == "&", let close = rest.prefix(12).firstIndex(of: ";") else { return nil }
        let name = String(String.UnicodeScalarView(rest[(rest.startIndex + 1)..<close]))
        if let scalar = entities[name] { return (close + 1, scalar) }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
        let value = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap { Unicode.Scalar($0) }.map { (close + 1, $0) }
    }
}
