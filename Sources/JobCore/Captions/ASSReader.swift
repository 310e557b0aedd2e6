/// Reads Advanced SubStation (`[V4+ Styles]`) and SubStation Alpha (`[V4 Styles]`).
///
/// Kept: styles, picture size, line breaking, and the dialogue's times, styles, layers, margins and text. Dropped:
/// embedded fonts and pictures, comments, and all events but `Dialogue:` (SSA knows a `Command:` that starts programs).
/// http://www.tcax.org/docs/ass-specs.htm
struct ASSReader {
    enum Section: String {
        case info = "[script info]"
        case styles = "[v4+ styles]"
        case ssaStyles = "[v4 styles]"
        case events = "[events]"

        init?(header: String) {
            guard header.utf8.first == UInt8(ascii: "[") else { return nil }
            self.init(rawValue: header.trimmed().lowercased())
        }
    }

    private let lines: CaptionLines
    private var head = CaptionHead()
    private var cues: [Cue] = []
    /// Columns of the events, in the order in which the file has them; the text is always the last.
    private var columns = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
    private var nameColumn = 0

    init(_ lines: CaptionLines) { self.lines = lines }

    mutating func track() throws(Failure) -> CaptionTrack {
        var section: Section?
        for line in lines.all {
            if let next = Section(header: line.text) {
                section = next
                if next == .ssaStyles { head.isSSA = true }
                continue
            }
            // Lines of embedded files may begin with a bracket, too; they belong to no section that is kept.
            if line.text.hasPrefix("[") {
                section = nil
                continue
            }
            guard let section, let (key, value) = Self.pair(line.text) else { continue }
            switch section {
            case .info: try info(key, value, line)
            case .styles, .ssaStyles: style(key, value)
            case .events: try event(key, value, line)
            }
        }
        return CaptionTrack(read: cues, head: head)
    }

    private mutating func info(_ key: String, _ value: String, _ line: CaptionLines.Line) throws(Failure) {
        switch key {
        case "playresx": head.playResX = try number(value, 1...16_384, line)
        case "playresy": head.playResY = try number(value, 1...16_384, line)
        case "wrapstyle": head.wrapStyle = try number(value, 0...3, line)
        case "scaledborderandshadow": head.scalesBorders = ["yes", "1"].contains(value.lowercased())
        default: return
        }
    }

    private mutating func style(_ key: String, _ value: String) {
        let fields = value.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed() }
        if key == "format" {
            head.styleFormat = "Format: " + ASSText.cleaned(value)
            nameColumn = fields.firstIndex { $0.lowercased() == "name" } ?? 0
        } else if key == "style", nameColumn < fields.count {
            let line = "Style: " + ASSText.cleaned(value)
            head.styles.append(CaptionHead.NamedLine(name: String(fields[nameColumn]), line: line))
        }
    }

    private mutating func event(_ key: String, _ value: String, _ line: CaptionLines.Line) throws(Failure) {
        if key == "format" {
            columns = value.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed().lowercased() }
            guard columns.last == "text", columns.contains("start"), columns.contains("end") else {
                throw lines.failure("names the columns of the events without Start, End and Text as the last", at: line)
            }
        }
        guard key == "dialogue" else { return }
        let fields = value.split(separator: ",", maxSplits: columns.count - 1, omittingEmptySubsequences: false)
        guard fields.count == columns.count else {
            throw lines.failure("has \(fields.count) fields, the format asks for \(columns.count)", at: line)
        }
        var named: [String: Substring] = [:]
        for (column, field) in zip(columns, fields) { named[column] = column == "text" ? field : field.trimmed() }
        guard let start = CaptionClock.seconds(named["start"] ?? ""), let end = CaptionClock.seconds(named["end"] ?? "")
        else {
            throw lines.failure("has no start and end such as 0:00:01.00", at: line)
        }
        guard end >= start else { throw lines.failure("ends its caption before its start", at: line) }
        let text = ASSText.cleaned(String(named["text"] ?? ""))
        try lines.checkLength(text, at: line)
        let style = named["style"].map { String($0.drop { $0 == "*" }) } ?? ""
        let cue = Cue(
            text: text, start: start, end: end, style: style.isEmpty ? nil : style, isRaw: true,
            placement: CuePlacement(
                layer: Self.lenient(named["layer"]), left: Self.lenient(named["marginl"]),
                right: Self.lenient(named["marginr"]), vertical: Self.lenient(named["marginv"])))
        // Editors leave empty lines and lines of no length behind; they show nothing.
        if end > start, !cue.isBlank { cues.append(cue) }
        try lines.checkCount(cues.count, at: line)
    }

    private func number(_ text: String, _ range: ClosedRange<Int>, _ line: CaptionLines.Line) throws(Failure) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw lines.failure("needs a whole number from \(range.lowerBound) to \(range.upperBound)", at: line)
        }
        return number
    }

    /// Layers and margins are seldom wrong and never worth a refusal.
    private static func lenient(_ text: Substring?) -> Int {
        min(max(text.flatMap { Int($0) } ?? 0, 0), 16_384)
    }

    /// `Key: value`, the key in lower case; nil for comments and lines of other shapes.
    private static func pair(_ line: String) -> (key: String, value: String)? {
        guard !line.hasPrefix(";"), let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        return (line[..<colon].trimmed().lowercased(), String(value))
    }
}
