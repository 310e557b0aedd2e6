/// The sound of a run of frames of one clip, to the sample; silence where the clip has none.
struct TakeSound {
    let plan: StitchPlan
    let take: StitchPart.Take
    let sampleCount: Int

    /// The filters from an input of ffmpeg, without the name of their output. `-copyts` is on.
    func filters(input: Int) -> String {
        let clip = plan.clips[take.clip]
        let exactly = Self.exactly(sampleCount)
        guard clip.facts.audio != nil, clip.volume > 0 else {
            return "anullsrc=r=\(StitchPlan.sampleRate):cl=stereo,\(exactly)"
        }
        let begin = DecimalText.precise(clip.begin + plan.rate.seconds(take.first) * clip.speed)
        var chain = "[\(input):a:0]asetpts=PTS-\(begin)/TB,aresample=\(StitchPlan.sampleRate):async=1"
        // Sound that begins late is put in its place, to the sample; sound before the beginning is cut off.
        chain += ":min_hard_comp=0.005:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo"
        chain += Self.tempo(clip.speed)
        if clip.volume != 1 { chain += ",volume=\(DecimalText.short(clip.volume))" }
        return chain + ",\(exactly)"
    }

    /// Cuts or fills up to so many samples.
    static func exactly(_ sampleCount: Int) -> String {
        "aformat=sample_fmts=fltp:channel_layouts=stereo,apad=whole_len=\(sampleCount)"
            + ",atrim=end_sample=\(sampleCount),asetpts=N/SR/TB"
    }

    /// One `atempo` goes down to half the speed only.
    private static func tempo(_ speed: Double) -> String {
        guard speed != 1 else { return "" }
        var (rest, filters) = (speed, "")
        while rest < 0.5 {
            filters += ",atempo=0.5"
            rest /= 0.5
        }
        return filters + ",atempo=\(DecimalText.precise(rest))"
    }
}

extension StitchPlan {
    /// Second of a file's clock, less what that begins with, at which reading a take begins: half a second early, so
    /// that the frame before its first one is there, too.
    func seek(to take: StitchPart.Take) -> Double {
        let clip = clips[take.clip]
        return max(0, clip.begin - clip.facts.startTime + rate.seconds(take.first) * clip.speed - 0.5)
    }

    /// The samples of sound that belong to a part; positions are rounded, so that nothing adds up.
    func sampleCount(of part: StitchPart) -> Int {
        func position(_ frame: Int) -> Int { rate.samplePosition(frame, sampleRate: Self.sampleRate) }
        return position(part.filmStart + part.count) - position(part.filmStart)
    }
}
