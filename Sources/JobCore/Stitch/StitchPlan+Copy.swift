/// When the picture of all clips can be taken over as it is.
extension StitchPlan {
    /// All clips agree in everything that a decoder or a clock would notice, and nobody asks for other pixels.
    static func canCopy(
        _ timeline: Timeline, _ clips: [PlannedClip], _ parts: [StitchPart], _ size: FrameSize, _ rate: FrameRate
    ) -> Bool {
        guard let first = clips.first?.facts.video, parts.count == clips.count, !asksForPixels(timeline) else {
            return false
        }
        // The codec's own settings travel in `setup`; equal ones mean equal profile, size, shape and colours.
        guard first.codec == timeline.output.codec.rawValue, first.pixelFormat == "yuv420p", !first.setup.isEmpty,
            first.size == size, first.hasSquarePixels, first.rotation == 0, clock(of: first, rate) != nil
        else { return false }
        return clips.allSatisfy { clip in
            guard let video = clip.facts.video, clip.isWhole else { return false }
            return video.setup == first.setup && video.codec == first.codec && video.size == size
                && video.pixelFormat == first.pixelFormat && video.hasSquarePixels && video.rotation == 0
                && video.timeBase == first.timeBase
                && video.rate == rate && video.nominalRate == rate
                // Every frame counts, and none is shown longer than the others.
                && video.frameCount == clip.frameCount
                && abs(video.startTime - clip.facts.startTime) < rate.seconds(1) / 2
        }
    }

    /// A container's clock in which every frame takes a whole number of ticks; nil for any other.
    static func clock(
        of video: SourceFacts.Video, _ rate: FrameRate
    ) -> (ticksPerSecond: Int, ticksPerFrame: Int)? {
        let parts = video.timeBase.split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, parts[0] == 1, parts[1] > 0, parts[1] <= 1 << 31 else { return nil }
        let ticks = parts[1] * rate.denominator
        guard ticks % rate.numerator == 0 else { return nil }
        return (parts[1], ticks / rate.numerator)
    }

    private static func asksForPixels(_ timeline: Timeline) -> Bool {
        let isBurnt = timeline.captions.mode.isBurnt
        let hasCaptions =
            !timeline.captions.lines.isEmpty || timeline.captions.file != nil
            || timeline.clips.contains { $0.caption != nil }
        // A better or a smaller film than the clips are is a wish for new pixels.
        return isBurnt && hasCaptions || timeline.output.quality == .draft
    }
}
