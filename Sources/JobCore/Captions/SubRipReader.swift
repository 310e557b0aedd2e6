/// Reads SubRip: a number, the times, the text, an empty line.
///
/// The number may be missing. What follows the times (old players' coordinates) is ignored.
enum SubRipReader {
    static func cues(in lines: CaptionLines) throws(Failure) -> [Cue] {
        var cues: [Cue] = []
        var position = 0
        while position < lines.all.count {
            var line = lines.all[position]
            position += 1
            if line.isBlank { continue }
            if isNumber(line.text), position < lines.all.count {
                line = lines.all[position]
                position += 1
            }
            guard let span = CaptionClock.span(line.text) else {
                throw lines.failure(
                    "is \(CaptionLines.quoted(line.text)); here stand a caption's times, "
                        + "such as 00:00:01,000 --> 00:00:02,500", at: line,
                    hint: "Captions are parted by an empty line, and have none inside.")
            }
            var text: [CaptionLines.Line] = []
            while position < lines.all.count, !lines.all[position].isBlank {
                text.append(lines.all[position])
                position += 1
            }
            if let cue = try lines.cue(span, timed: line, text: text, markup: .subRip) { cues.append(cue) }
            try lines.checkCount(cues.count, at: line)
        }
        return cues
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.utf8.filter { $0 != 0x20 && $0 != 0x09 }
        return !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
