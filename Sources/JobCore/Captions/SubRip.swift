/// Writes captions as SubRip, from which ffmpeg makes the film's soft subtitle track (`mov_text`).
///
/// SubRip has no escapes, so what readers would take for its own signs is replaced by look-alikes: `-->` by an arrow,
/// `<` before a letter and `{` before a backslash or a letter and a colon (tags of HTML, ASS and MicroDVD). ffmpeg
/// makes ASS of it on the way, so a backslash gets a companion that nobody sees. Empty lines inside a cue are left out.
public struct SubRip: Sendable, Equatable {
    /// The file's content; empty when there is nothing to show.
    public let bytes: [UInt8]

    /// All cues in the film's time, plain, in the order of their starts.
    public init(_ track: CaptionTrack) {
        var blocks: [String] = []
        let ordered = track.cues.enumerated().sorted {
            ($0.element.start, $0.offset) < ($1.element.start, $1.offset)
        }
        for cue in ordered.map(\.element) {
            let text = Self.text(of: cue)
            let (start, end) = (CaptionClock.subRip(cue.start), CaptionClock.subRip(cue.end))
            guard !text.isEmpty, start < end else { continue }
            blocks.append("\(blocks.count + 1)\n\(start) --> \(end)\n\(text)\n")
        }
        bytes = Array(blocks.joined(separator: "\n").utf8)
    }

    /// The lines of a cue without empty ones.
    static func text(of cue: Cue) -> String {
        let plain = String(ASSText.tame(cue.plainText))
        let lines = plain.split(separator: "\n").map { harmless($0.trimmed()) }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func harmless(_ line: Substring) -> String {
        let scalars = Array(line.replacing("-->", with: "→").unicodeScalars)
        var output = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            let next = scalars.dropFirst(index + 1).prefix(2)
            let isLetter = next.first.map { $0.isASCII && $0.properties.isAlphabetic } ?? false
            switch scalar {
            case "<" where isLetter || next.first == "/": output.append("‹")
            case "{" where next.first == "\\" || (isLetter && next.last == ":"): output.append("(")
            case "\\": output.append(contentsOf: [scalar, ASSText.wordJoiner])
            default: output.append(scalar)
            }
        }
        return String(output)
    }
}
