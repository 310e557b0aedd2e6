import JobCore

/// The words over a preview, as an .ass file (Advanced SubStation): libass wraps, centres and shades them.
///
/// The prompt never enters a filter graph or a command line; inside the file `ASSText` takes care of it.
struct PromptCard: Sendable, Equatable {
    let size: FrameSize
    let prompt: String
    /// One honest line at the bottom.
    let footer: String
    /// Above the footer over a picture; else in the middle of the frame.
    let isCaption: Bool
    /// Whether the prompt appears softly.
    let fadesIn: Bool

    /// Longer prompts are cut here: nobody reads more in a few seconds.
    static let promptLimit = 320

    /// The bytes of the file.
    var bytes: [UInt8] {
        let shorter = Double(min(size.width, size.height))
        let promptSize = max(6, min(shorter * scale, Double(size.width) * 0.09))
        let footerSize = max(5, min(shorter * 0.032, Double(size.width) * 1.6 / Double(max(footer.count, 1))))
        let margin = Int(Double(size.width) * 0.09)
        let low = Int(Double(size.height) * 0.045)
        let high = isCaption ? low + Int(footerSize * 2.1) : low
        let blur = DecimalText.short(max(1, shorter / 110))
        let fade = fadesIn ? "\\fad(600,0)" : ""
        return Array(
            """
            [Script Info]
            ScriptType: v4.00+
            PlayResX: \(size.width)
            PlayResY: \(size.height)
            WrapStyle: 0
            ScaledBorderAndShadow: yes

            [V4+ Styles]
            Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, Spacing, BorderStyle, \
            Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
            Style: Prompt,DejaVu Sans,\(DecimalText.short(promptSize)),&H00FFFFFF,&H78000000,&H00000000,0,0.4,1,\
            \(DecimalText.short(shorter / 150)),0,\(isCaption ? 2 : 5),\(margin),\(margin),\(high),1
            Style: Footer,DejaVu Sans,\(DecimalText.short(footerSize)),&H38FFFFFF,&H80000000,&H00000000,0,0.3,1,\
            \(DecimalText.short(shorter / 320)),0,2,4,4,\(low),1

            [Events]
            Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
            Dialogue: 0,0:00:00.00,9:59:59.99,Prompt,,0,0,0,,{\\blur\(blur)\(fade)}\(Self.escaped(prompt))
            Dialogue: 1,0:00:00.00,9:59:59.99,Footer,,0,0,0,,{\\blur1}\(Self.escaped(footer))

            """.utf8)
    }

    /// The font's share of the shorter side: the longer the text, the smaller.
    private var scale: Double {
        switch prompt.count {
        case ..<60: isCaption ? 0.048 : 0.078
        case ..<140: isCaption ? 0.042 : 0.064
        default: isCaption ? 0.034 : 0.050
        }
    }

    /// Text that libass shows as it is, on one line as far as it fits.
    static func escaped(_ text: String) -> String {
        var shown = ""
        for character in text {
            guard shown.count < promptLimit else { return ASSText.escaped(shown + "…") }
            let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
            if isControl || character.isNewline || character.isWhitespace {
                if shown.last != " " { shown.append(" ") }
            } else {
                shown.append(character)
            }
        }
        return ASSText.escaped(shown)
    }
}
