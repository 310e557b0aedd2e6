/// One caption: what is shown, and when.
public struct Cue: Sendable, Equatable {
    /// Plain text with line feeds, or ASS text with override tags where `isRaw` says so.
    public var text: String
    /// Seconds of the film: shown from `start` on, no longer at `end`.
    public var start: Double, end: Double
    /// The name of a style; nil takes the default. In a track with a head of its own it names one of the file's styles.
    public var style: String?
    /// Whether `{…}` and `\N` in the text are ASS; else every character is shown as it stands.
    public var isRaw: Bool
    /// What an ASS file says of layer and margins; plain captions leave it as it is.
    public var placement: CuePlacement

    /// The longest text, in bytes of UTF-8.
    public static let textLimit = 2048
    /// No cue ends after this, in seconds: 100 hours, what two digits of hours can say.
    public static let latestEnd = 360_000.0

    public init(
        text: String, start: Double, end: Double, style: String? = nil, isRaw: Bool = false,
        placement: CuePlacement = CuePlacement()
    ) {
        (self.text, self.start, self.end) = (text, start, end)
        (self.style, self.isRaw, self.placement) = (style, isRaw, placement)
    }

    /// What people read: plain text with line feeds, without tags and drawings.
    public var plainText: String { isRaw ? ASSText.plain(text) : text }

    /// Whether there is anything to show: more than white space and tags.
    var isBlank: Bool {
        text.unicodeScalars.allSatisfy { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
    }
}
