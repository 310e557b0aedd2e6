/// Reads WebVTT; of its looks nothing is kept: cue settings, regions and style sheets are passed over.
///
/// https://www.w3.org/TR/webvtt1/#file-structure
enum WebVTTReader {
    /// Whether a file that begins with this line is WebVTT.
    static func isSignature(_ line: String) -> Bool {
        line.hasPrefix("WEBVTT") && (line.utf8.count == 6 || line.hasPrefix("WEBVTT ") || line.hasPrefix("WEBVTT\t"))
    }

    static func cues(in lines: CaptionLines) throws(Failure) -> [Cue] {
        var cues: [Cue] = []
        var blocks = lines.all.split(whereSeparator: \.isBlank)[...]
        // The header may go on below its first line.
        guard let header = blocks.popFirst() else { return [] }
        if let line = header.dropFirst().first(where: { CaptionClock.span($0.text) != nil }) {
            throw lines.failure("begins a caption right below WEBVTT; an empty line is missing", at: line)
        }
        for block in blocks {
            guard let first = block.first, !isPassedOver(first.text) else { continue }
            guard let index = block.indices.prefix(2).first(where: { block[$0].text.contains("-->") }),
                let span = CaptionClock.span(block[index].text)
            else {
                throw lines.failure(
                    "is \(CaptionLines.quoted(first.text)); here stand a caption's times, "
                        + "such as 00:01.000 --> 00:02.500", at: first,
                    hint: "Captions are parted by an empty line, and have none inside.")
            }
            let text = Array(block[(index + 1)...])
            if let cue = try lines.cue(span, timed: block[index], text: text, markup: .webVTT) { cues.append(cue) }
            try lines.checkCount(cues.count, at: first)
        }
        return cues
    }

    /// Comments, style sheets and regions.
    private static func isPassedOver(_ line: String) -> Bool {
        let word = line.split(maxSplits: 1) { $0 == " " || $0 == "\t" }.first ?? ""
        return word == "NOTE" || ((word == "STYLE" || word == "REGION") && !line.contains("-->"))
    }
}
