/// What SubRip and WebVTT have in common below the line with the times.
extension CaptionLines {
    /// A cue from its lines; nil when it has nothing to show.
    func cue(
        _ span: (start: Double, end: Double), timed line: Line, text: [Line], markup: CueMarkup.Dialect
    ) throws(Failure) -> Cue? {
        guard span.end > span.start else {
            throw failure("ends its caption at or before its start: \(Self.quoted(line.text))", at: line)
        }
        if let inner = text.first(where: { CaptionClock.span($0.text) != nil }) {
            throw failure("begins a caption; an empty line before it is missing", at: inner)
        }
        let joined = text.map(\.text).joined(separator: "\n")
        try checkLength(joined, at: line)
        let content = CueMarkup(joined, markup)
        let cue = Cue(
            text: content.text, start: span.start, end: span.end, style: content.isAtTop ? CaptionStyle.top.name : nil,
            isRaw: content.isRaw)
        return cue.isBlank ? nil : cue
    }

    func checkLength(_ text: String, at line: Line) throws(Failure) {
        let bytes = text.utf8.count
        guard bytes <= Cue.textLimit else {
            throw failure("begins a caption of \(bytes) bytes, the limit is \(Cue.textLimit)", at: line)
        }
    }

    func checkCount(_ count: Int, at line: Line) throws(Failure) {
        guard count <= CaptionTrack.cueLimit else {
            throw failure("is one caption too many, the limit is \(CaptionTrack.cueLimit)", at: line)
        }
    }
}
