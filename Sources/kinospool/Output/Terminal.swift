import Glibc

/// What one of our streams can show.
struct Terminal: Sendable {
    let isTerminal: Bool
    let hasColors: Bool
    /// The cursor can be moved: lines can be drawn again.
    let canMove: Bool
    /// Characters beyond ASCII are shown.
    let isUnicode: Bool
    /// Columns and rows.
    let width: Int, height: Int

    /// - Parameter isPlain: the user wants no colours; so do `NO_COLOR` (no-color.org) and `TERM=dumb`.
    init(_ descriptor: Int32, environment: [String: String], isPlain: Bool) {
        isTerminal = isatty(descriptor) == 1
        let isDumb = environment["TERM"] == nil || environment["TERM"] == "dumb"
        let noColor = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        canMove = isTerminal && !isDumb
        hasColors = canMove && !isPlain && !noColor
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        isUnicode = locale.uppercased().replacing("-", with: "").contains("UTF8")
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { (20...1000).contains($0) ? $0 : nil }
        width = columns ?? (isKnown ? Int(size.ws_col) : 80)
        height = isKnown && size.ws_row > 2 ? Int(size.ws_row) : 24
    }

    /// The text in a colour, where there are colours.
    func colored(_ text: String, _ color: Color) -> String {
        hasColors ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The few colours in use, by their SGR number (ECMA-48).
    enum Color: Int {
        case bold = 1, dim = 2, red = 31, green = 32, yellow = 33, blue = 34
    }
}
