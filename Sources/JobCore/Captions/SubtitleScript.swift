/// An .ass file that burns exactly one window of a caption track; its first frame has the time 0.
///
/// Invariants: 1. A cue is seen in film frame k exactly if start <= k / fps < end, in whichever window k lies: an event
/// begins and ends in the middle between two frames, so no rounding to centiseconds (up to 80 frames a second) and no
/// clock of ffmpeg's moves it by a frame. 2. The bytes depend on what is seen in the window and on nothing else: not on
/// where in the film the window lies, not on cues, styles and times outside. They are part of a cache's key.
/// 3. Whatever a text holds, each cue is one line of `[Events]`.
///
/// What is animated (`\t \move \fad \k`) keeps its own begin and end, if need be before 0, so that it goes on over a
/// cut where it was. One thing is not kept over a cut: the place of a cue that was pushed up by another, which ended
/// before the window.
public struct SubtitleScript: Sendable, Equatable {
    /// The file's content.
    public let bytes: [UInt8]

    /// Nil when no cue is seen in the window.
    ///
    /// - Parameters:
    ///   - size: of the film's pictures.
    ///   - style: of cues that name none; ignored for a track that has a head of its own.
    ///   - styles: what the names of cues mean; those of `CaptionStyle.all`, or the same with other fonts.
    public init?(
        _ track: CaptionTrack, size: FrameSize, window: CaptionWindow, style: CaptionStyle = .standard,
        styles: [CaptionStyle] = CaptionStyle.all
    ) {
        let seen = track.cues.compactMap { cue in window.visibleFrames(of: cue).map { Seen(cue: cue, frames: $0) } }
        guard !seen.isEmpty else { return nil }
        var lines: [String]
        var events: [String] = []
        if let head = track.head {
            lines = Self.head(head, seen.map(\.cue))
            for one in seen { events.append(one.line(in: window, style: one.cue.style ?? "Default")) }
        } else {
            var used: [CaptionStyle] = []
            for one in seen {
                let chosen = styles.first { $0.name == one.cue.style } ?? style
                if !used.contains(where: { $0.name == chosen.name }) { used.append(chosen) }
                events.append(one.line(in: window, style: chosen.title))
            }
            lines = Self.head(size, used.sorted { $0.name < $1.name })
        }
        lines += ["", "[Events]", "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"]
        bytes = Array(((lines + events).joined(separator: "\n") + "\n").utf8)
    }

    /// A cue and the frames in which it is seen, counted from the window's begin.
    private struct Seen {
        let cue: Cue
        let frames: Range<Int>

        /// An end that no window reaches: just below ten hours.
        private static let open = 3_599_999

        func line(in window: CaptionWindow, style: String) -> String {
            let count = window.frames.count
            var start = Self.middle(before: frames.lowerBound, window.framesPerSecond)
            var end = Self.middle(before: frames.upperBound, window.framesPerSecond)
            if !cue.isRaw || !ASSText.isAnimated(cue.text) {
                if frames.lowerBound <= 0 { start = 0 }
                if frames.upperBound >= count {
                    end = max(Self.open, Self.middle(before: count, window.framesPerSecond) + 100)
                }
            }
            let text = cue.isRaw ? ASSText.cleaned(cue.text) : ASSText.escaped(cue.text)
            let (from, to) = (
                CaptionClock.ass(centiseconds: start), CaptionClock.ass(centiseconds: max(end, start + 1))
            )
            let name = ASSText.cleaned(style).filter { $0 != "," }
            let place = cue.placement
            let margins = "\(place.left),\(place.right),\(place.vertical)"
            return "Dialogue: \(place.layer),\(from),\(to),\(name),,\(margins),,\(text)"
        }

        /// The middle between a frame and the one before, in centiseconds.
        private static func middle(before frame: Int, _ framesPerSecond: Double) -> Int {
            Int(((Double(frame) - 0.5) * 100 / framesPerSecond).rounded())
        }
    }

    private static func head(_ size: FrameSize, _ styles: [CaptionStyle]) -> [String] {
        [
            "[Script Info]", "ScriptType: v4.00+", "PlayResX: \(size.width)", "PlayResY: \(size.height)",
            "WrapStyle: 0",
            "ScaledBorderAndShadow: yes", "", "[V4+ Styles]", CaptionStyle.format,
        ] + styles.map { $0.line(for: size) }
    }

    /// The file's own head, with those of its styles that are seen; all of them where a text may choose by itself.
    private static func head(_ head: CaptionHead, _ cues: [Cue]) -> [String] {
        var lines = ["[Script Info]", "ScriptType: v4.00\(head.isSSA ? "" : "+")"]
        if let width = head.playResX { lines.append("PlayResX: \(width)") }
        if let height = head.playResY { lines.append("PlayResY: \(height)") }
        if let wrap = head.wrapStyle { lines.append("WrapStyle: \(wrap)") }
        if let scales = head.scalesBorders { lines.append("ScaledBorderAndShadow: \(scales ? "yes" : "no")") }
        lines += ["", head.isSSA ? "[V4 Styles]" : "[V4+ Styles]"]
        if !head.styleFormat.isEmpty { lines.append(head.styleFormat) }
        let known = Set(head.styles.map(\.name))
        let used = Set(cues.map { $0.style ?? "Default" })
        let needsAll = !used.isSubset(of: known) || cues.contains { ASSText.resets($0.text) }
        return lines + head.styles.filter { needsAll || used.contains($0.name) }.map(\.line)
    }
}
