/// One of the looks that captions of a job choose from.
public struct CaptionStyle: Sendable, Equatable {
    /// What jobs call it.
    public let name: String
    /// The font's name as fontconfig knows it; other fonts step in for characters it lacks.
    public var fontName = "DejaVu Sans"
    /// The height of a line as a share of the picture's shorter side.
    let scale: Double
    let isBold: Bool
    /// Where, as on a keypad's digits: 2 is the middle of the bottom.
    let alignment: Int
    /// Whether a dark box lies behind the words instead of an outline around them.
    let hasBox: Bool

    /// White with a dark outline in the lower third.
    public static let standard = CaptionStyle(name: "default", scale: 0.062, isBold: false, alignment: 2, hasBox: false)
    /// The same at the upper edge.
    public static let top = CaptionStyle(name: "top", scale: 0.062, isBold: false, alignment: 8, hasBox: false)
    /// Half as large again and bold, in the lower third.
    public static let large = CaptionStyle(name: "large", scale: 0.095, isBold: true, alignment: 2, hasBox: false)
    /// A small box in the upper left corner: a place, a name, a date.
    public static let label = CaptionStyle(name: "label", scale: 0.046, isBold: true, alignment: 7, hasBox: true)

    /// All of them, the default first.
    public static let all = [standard, top, large, label]

    /// The style of this name.
    ///
    /// - Parameter place: where the name stands, for the message.
    /// - Throws: `invalid_job` with the names that exist.
    public static func named(_ name: String, at place: String = "captions") throws(Failure) -> CaptionStyle {
        if let style = all.first(where: { $0.name == name }) { return style }
        let names = all.map(\.name)
        let guess = NearestName.of(name, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
        throw Failure(
            .invalidJob, "\(place) asks for the style \"\(name.prefix(40))\", which does not exist.",
            hint: "Styles are \(names.joined(separator: ", ")).\(guess)")
    }

    /// Its name in the file. libass spells `default` with a capital, however it is written.
    var title: String { name.prefix(1).uppercased() + name.dropFirst() }

    static let format =
        "Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, Spacing, BorderStyle, "
        + "Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding"

    /// Its line in an .ass file for pictures of this size, in their pixels.
    ///
    /// Encoding -1 lets each line tell its own direction, so that Hebrew and Arabic have their full stop on the left.
    func line(for size: FrameSize) -> String {
        let margins = SafeMargins(size)
        let shorter = Double(min(size.width, size.height))
        // Narrow pictures hold few words a line; larger ones are read on small screens.
        let height = max(6, Int((shorter * scale).rounded()))
        let border = max(10, Int((Double(height) * (hasBox ? 0.22 : 0.062) * 10).rounded()))
        let vertical = alignment >= 7 ? margins.top : margins.bottom
        let font = String(ASSText.cleaned(fontName).filter { $0 != "," })
        return "Style: \(title),\(font),\(height),&H00FFFFFF,&H\(hasBox ? "00241C18" : "18000000"),&H00000000,"
            + "\(isBold ? -1 : 0),0,\(hasBox ? 3 : 1),\(border / 10).\(border % 10),0,\(alignment),"
            + "\(margins.side),\(margins.side),\(vertical),-1"
    }
}
