/// How a film is made: a pure function of the timeline and of what its sources are.
///
/// Invariants:
/// 1. The parts follow each other without a gap or an overlap and have exactly `frameCount` frames together.
/// 2. Every part is at most one encoding away from its sources; on the copy path the picture is not encoded at all.
/// 3. Two clips overlap by exactly the frames of their transition, and every clip has at least one frame of its own.
public struct StitchPlan: Sendable, Equatable {
    public let size: FrameSize
    public let rate: FrameRate
    public let clips: [PlannedClip]
    public let parts: [StitchPart]
    /// The picture of the clips is taken over as it is.
    public let isCopy: Bool
    /// What is not as it was asked, in words for people.
    public let warnings: [String]

    /// Longest film in seconds.
    public static let longestFilm = 4.0 * 3600
    /// Sound is mixed at this rate, in two channels.
    public static let sampleRate = 48_000

    /// Frames of the whole film.
    public var frameCount: Int { parts.last.map { $0.filmStart + $0.count } ?? 0 }

    /// Exact length in seconds.
    public var duration: Double { rate.seconds(frameCount) }

    /// The clock of the finished picture: the clips' own where they are taken over as they are.
    public var clock: (ticksPerSecond: Int, ticksPerFrame: Int) {
        guard isCopy, let video = clips.first?.facts.video else { return rate.clock }
        return Self.clock(of: video, rate) ?? rate.clock
    }

    /// - Parameter facts: of every source of the timeline's clips.
    /// - Throws: `invalid_job` with a JSON pointer when the timeline and its sources do not fit.
    public init(_ timeline: Timeline, facts: [MediaReference: SourceFacts]) throws(Failure) {
        let films = try timeline.clips.indices.map { (index) throws(Failure) in try Self.film(index, timeline, facts) }
        guard let first = films.first?.video else { throw Failure(.invalidJob, "/params/clips: there is no clip.") }
        let size = Self.size(timeline.output, first)
        let rate = FrameRate(timeline.output.framesPerSecond ?? min(first.rate.value, 120))
        var warnings: [String] = []
        let counts = try timeline.clips.indices.map { (index) throws(Failure) in
            try Self.frameCount(index, timeline, films[index], rate, &warnings)
        }
        let overlaps = Self.overlaps(timeline, counts, rate, &warnings)
        var (clips, parts): ([PlannedClip], [StitchPart]) = ([], [])
        var start = 0
        for (index, clip) in timeline.clips.enumerated() {
            let before = index > 0 ? overlaps[index - 1].frames : 0
            let after = index < overlaps.count ? overlaps[index].frames : 0
            clips.append(
                PlannedClip(
                    source: clip.source, facts: films[index], begin: films[index].startTime + clip.start,
                    frameCount: counts[index], speed: clip.speed, volume: clip.volume, fit: clip.fit ?? timeline.fit,
                    isWhole: Self.isWhole(clip, films[index], rate), filmStart: start))
            parts.append(
                StitchPart(
                    content: .body(.init(clip: index, first: before)), filmStart: start + before,
                    count: counts[index] - before - after))
            if after > 0 {
                parts.append(
                    StitchPart(
                        content: .transition(
                            from: .init(clip: index, first: counts[index] - after),
                            to: .init(clip: index + 1, first: 0),
                            overlaps[index].kind),
                        filmStart: start + counts[index] - after, count: after))
            }
            start += counts[index] - after
        }
        (self.size, self.rate) = (size, rate)
        (self.clips, self.parts, self.warnings) = (clips, parts, warnings)
        isCopy = Self.canCopy(timeline, clips, parts, size, rate)
        guard rate.seconds(start) <= Self.longestFilm else {
            throw Failure(.invalidJob, "/params/clips: the film would last longer than 4 hours.")
        }
    }

    private static func film(
        _ index: Int, _ timeline: Timeline, _ facts: [MediaReference: SourceFacts]
    ) throws(Failure) -> SourceFacts {
        let source = timeline.clips[index].source
        guard let found = facts[source], found.video != nil else {
            throw Failure(
                .invalidJob, "/params/clips/\(index): \(source) has no picture that moves.",
                hint: "Name a film; make one of a still picture with IMG2VID; put sound into \"audio\".")
        }
        return found
    }

    private static func size(_ output: TimelineOutput, _ first: SourceFacts.Video) -> FrameSize {
        if let size = output.size { return size }
        guard let ratio = output.aspectRatio else { return first.size }
        // The first clip's shorter side stays.
        let shorter = Double(min(first.size.width, first.size.height))
        let (width, height) = ratio >= 1 ? (shorter * ratio, shorter) : (shorter, shorter / ratio)
        func even(_ side: Double) -> Int { Int((side / 2).rounded()) * 2 }
        return FrameSize(width: even(width), height: even(height)) ?? first.size
    }

    private static func frameCount(
        _ index: Int, _ timeline: Timeline, _ facts: SourceFacts, _ rate: FrameRate, _ warnings: inout [String]
    ) throws(Failure) -> Int {
        let clip = timeline.clips[index]
        guard let length = facts.filmLength, length > 0 else {
            throw Failure(.invalidJob, "/params/clips/\(index): \(clip.source) does not say how long it is.")
        }
        guard clip.start < length else {
            throw Failure(
                .invalidJob,
                "/params/clips/\(index)/start: \(clip.source) lasts only \(DecimalText.short(length)) s.")
        }
        if let end = clip.end, end > length + rate.seconds(1) {
            warnings.append(
                "/params/clips/\(index)/end: \(clip.source) ends at \(DecimalText.short(length)) s, asked was "
                    + "\(DecimalText.short(end)) s.")
        }
        return max(1, rate.frames((min(clip.end ?? length, length) - clip.start) / clip.speed))
    }

    /// What lies between each clip and the next, with as many frames as the two have room for.
    private static func overlaps(
        _ timeline: Timeline, _ counts: [Int], _ rate: FrameRate, _ warnings: inout [String]
    ) -> [(frames: Int, kind: TimelineTransition.Kind)] {
        let wanted = timeline.clips.dropLast().map { $0.transition ?? timeline.transition }
        func room(_ clip: Int) -> Int {
            let sides =
                (clip > 0 && wanted[clip - 1].kind != .cut ? 1 : 0)
                + (clip < wanted.count && wanted[clip].kind != .cut ? 1 : 0)
            return (counts[clip] - 1) / max(sides, 1)
        }
        return wanted.enumerated().map { index, transition in
            guard transition.kind != .cut else { return (0, .cut) }
            let asked = rate.frames(transition.duration)
            let frames = min(asked, room(index), room(index + 1))
            if frames < asked {
                warnings.append(
                    "/params/clips/\(index)/transition: the clips are too short for "
                        + "\(DecimalText.short(transition.duration)) s, it lasts "
                        + "\(frames < 2 ? "no time: a cut" : "\(DecimalText.short(rate.seconds(frames))) s").")
            }
            return frames < 2 ? (0, .cut) : (frames, transition.kind)
        }
    }

    private static func isWhole(_ clip: TimelineClip, _ facts: SourceFacts, _ rate: FrameRate) -> Bool {
        guard let length = facts.filmLength, clip.start == 0, clip.speed == 1 else { return false }
        return clip.end.map { $0 >= length - rate.seconds(1) / 2 } ?? true
    }
}
