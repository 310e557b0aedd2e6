/// Text from job files, made harmless for terminals, and measured as terminals show it.
enum TerminalText {
    /// Without control characters (an escape sequence in a prompt would move the cursor) and without line breaks.
    static func plain(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: clean.append(" ")
            // Bidirectional overrides would show another text than the one that stands there.
            case .format where scalar != "\u{200D}" && scalar != "\u{200C}": continue
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }

    /// Columns of the whole text.
    static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

    /// At most `width` columns; a text that was cut ends in `…`.
    static func truncated(_ text: String, to width: Int, isUnicode: Bool = true) -> String {
        guard Self.width(text) > width else { return text }
        let mark = isUnicode ? "…" : "."
        guard width > 1 else { return width == 1 ? mark : "" }
        var kept = ""
        var used = 0
        for character in text {
            let next = Self.width(character)
            guard used + next <= width - 1 else { break }
            kept.append(character)
            used += next
        }
        return kept + mark
    }

    /// Exactly `width` columns, filled with spaces at the end.
    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - Self.width(text)))
    }

    /// 0, 1 or 2, after East Asian Width (UAX #11) and the emoji presentation of UTS #51.
    private static func width(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.contains("\u{FE0F}") || scalars.count > 1 && (0x1F1E6...0x1F1FF).contains(first.value) { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return isWide(first) ? 2 : 1
        }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x1100 { return false }
        if scalar.properties.isEmojiPresentation { return true }
        return wideRanges.contains { $0.contains(scalar.value) }
    }

    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
