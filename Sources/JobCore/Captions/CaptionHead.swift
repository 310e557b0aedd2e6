/// What an ASS or SSA file says of its looks: its own styles and the picture size they are drawn for.
public struct CaptionHead: Sendable, Equatable {
    /// Whether the styles are those of SSA (`[V4 Styles]`), whose colours and alignments count differently.
    public var isSSA: Bool
    /// Size of the picture that sizes and positions refer to; nil where the file is silent.
    public var playResX: Int?, playResY: Int?
    /// How long lines are broken, 0 to 3; nil where the file is silent.
    public var wrapStyle: Int?
    /// Whether borders grow with the picture; nil where the file is silent.
    public var scalesBorders: Bool?
    /// The `Format:` line of the styles, as it stands; empty where the file has none.
    public var styleFormat: String
    /// The `Style:` lines, as they stand.
    public var styles: [NamedLine]

    /// A style's name and its line.
    public struct NamedLine: Sendable, Equatable {
        public let name: String, line: String

        public init(name: String, line: String) { (self.name, self.line) = (name, line) }
    }

    public init(
        isSSA: Bool = false, playResX: Int? = nil, playResY: Int? = nil, wrapStyle: Int? = nil,
        scalesBorders: Bool? = nil, styleFormat: String = "", styles: [NamedLine] = []
    ) {
        (self.isSSA, self.playResX, self.playResY) = (isSSA, playResX, playResY)
        (self.wrapStyle, self.scalesBorders) = (wrapStyle, scalesBorders)
        (self.styleFormat, self.styles) = (styleFormat, styles)
    }
}
