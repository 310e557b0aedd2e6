/// The captions of a planned film: those of the timeline, of its clips and of a caption file.
public struct StitchCaptions: Sendable, Equatable {
    /// What is drawn, one over the other: an ASS file brings looks of its own, and is a track of its own.
    public let tracks: [CaptionTrack]
    private let mode: TimelineCaptions.Mode
    private let style: CaptionStyle

    public static let pointer = "/params/captions"

    /// - Parameter file: what the timeline's caption file holds.
    /// - Throws: `invalid_job` with a JSON pointer.
    public init(_ timeline: Timeline, plan: StitchPlan, file: CaptionTrack?) throws(Failure) {
        mode = timeline.captions.mode
        style =
            try timeline.captions.style.map { (name) throws(Failure) in
                try CaptionStyle.named(name, at: "\(Self.pointer)/style")
            } ?? .standard
        var cues: [Cue] = []
        for (index, line) in timeline.captions.lines.enumerated() {
            if let name = line.style { _ = try CaptionStyle.named(name, at: "\(Self.pointer)/lines/\(index)/style") }
            cues.append(Cue(text: line.text, start: line.start, end: line.end, style: line.style))
        }
        cues += try Self.cuesOfClips(timeline, plan)
        var tracks: [CaptionTrack] = []
        if let file {
            if file.head == nil { cues += file.cues } else { tracks.append(file) }
        }
        // Without a text there is nothing to show: `"text": ""` is no reason to refuse a film.
        cues.removeAll { $0.text.allSatisfy(\.isWhitespace) }
        if !cues.isEmpty { tracks.append(try CaptionTrack(cues: cues, at: Self.pointer)) }
        self.tracks = tracks
    }

    /// A clip's caption is seen from the middle of the transition before it to the middle of the one behind it.
    private static func cuesOfClips(_ timeline: Timeline, _ plan: StitchPlan) throws(Failure) -> [Cue] {
        var cues: [Cue] = []
        for (index, clip) in timeline.clips.enumerated() {
            guard let caption = clip.caption else { continue }
            if let name = caption.style {
                _ = try CaptionStyle.named(name, at: "/params/clips/\(index)/caption/style")
            }
            let planned = plan.clips[index]
            let before = index > 0 ? plan.overlap(after: index - 1) : 0
            let after = plan.overlap(after: index)
            let first = planned.filmStart + before / 2
            let past = planned.filmStart + planned.frameCount - (after - after / 2)
            cues.append(
                Cue(
                    text: caption.text, start: plan.rate.seconds(first), end: plan.rate.seconds(max(past, first + 1)),
                    style: caption.style))
        }
        return cues
    }

    /// The .ass files to burn into a part; none where no caption is seen in it.
    public func scripts(for part: StitchPart, of plan: StitchPlan) -> [[UInt8]] {
        guard mode.isBurnt,
            let window = CaptionWindow(
                frames: part.filmStart..<part.filmStart + part.count, framesPerSecond: plan.rate.value)
        else { return [] }
        return tracks.compactMap { SubtitleScript($0, size: plan.size, window: window, style: style)?.bytes }
    }

    /// The SRT file for a track that the player can switch off; nil for none.
    public var softTrack: [UInt8]? {
        guard mode.isSoft, !tracks.isEmpty else { return nil }
        let cues = tracks.flatMap(\.cues).map { Cue(text: $0.plainText, start: $0.start, end: $0.end) }
        return SubRip(CaptionTrack(read: cues, head: nil)).bytes
    }

    /// Everything that will be drawn into the picture.
    public var burntText: String { mode.isBurnt ? tracks.map(\.plainText).joined(separator: "\n") : "" }
}

extension StitchPlan {
    /// Frames that a clip shares with the next.
    func overlap(after clip: Int) -> Int {
        guard clips.indices.contains(clip), clips.indices.contains(clip + 1) else { return 0 }
        return clips[clip].filmStart + clips[clip].frameCount - clips[clip + 1].filmStart
    }
}
