/// The kinds of caption files that are read.
public enum CaptionFormat: String, Sendable, CaseIterable {
    /// SubRip, `.srt`.
    case srt
    /// WebVTT, `.vtt`.
    case vtt
    /// Advanced SubStation and its elder, `.ass` and `.ssa`.
    case ass

    /// Told by the name's ending, whatever its case; nil for other endings.
    public init?(fileName: String) {
        guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let ending = fileName[fileName.index(after: dot)...].lowercased()
        self.init(rawValue: ending == "ssa" ? "ass" : ending)
    }

    /// The name that people know.
    public var title: String {
        switch self {
        case .srt: "SubRip"
        case .vtt: "WebVTT"
        case .ass: "ASS"
        }
    }

    /// Whether the content agrees with the ending.
    ///
    /// - Throws: `invalid_job` that says what the content is instead.
    func check(_ lines: CaptionLines) throws(Failure) {
        guard let found = Self.told(by: lines) else {
            throw lines.failure("is empty or holds no captions; \(title) begins with \(opening)")
        }
        guard found == self else {
            throw lines.failure(
                "holds \(found.title), not \(title)", hint: "Let its name end in .\(found.rawValue), and name it so.")
        }
    }

    /// How a file of this kind begins.
    private var opening: String {
        switch self {
        case .srt: "1 and, on the next line, 00:00:01,000 --> 00:00:02,500"
        case .vtt: "the line WEBVTT"
        case .ass: "the line [Script Info]"
        }
    }

    /// The kind that the first line with a meaning tells.
    private static func told(by lines: CaptionLines) -> CaptionFormat? {
        if let first = lines.all.first, WebVTTReader.isSignature(first.text) { return .vtt }
        for line in lines.all {
            if ASSReader.Section(header: line.text) != nil { return .ass }
            if CaptionClock.span(line.text) != nil { return .srt }
        }
        return nil
    }
}
