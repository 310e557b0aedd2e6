/// The one run of ffmpeg that makes a part: its picture, as a film without sound.
///
/// Every moment is counted from the file's own clock (`-copyts`), so it does not matter where decoding began: the frame
/// that belongs to a moment is the same in a body and in the transition beside it.
public struct PartArguments: Sendable, Equatable {
    public let plan: StitchPlan
    public let part: StitchPart
    public let encoder: FilmEncoder
    /// The files of the part's takes, in order.
    public let inputs: [StitchInput]
    /// Names of the captions' files in the working folder; none where no caption touches the part.
    public let captions: [String]

    public init(
        plan: StitchPlan, part: StitchPart, encoder: FilmEncoder, inputs: [StitchInput], captions: [String]
    ) {
        (self.plan, self.part, self.encoder, self.inputs) = (plan, part, encoder, inputs)
        self.captions = captions
    }

    /// Everything after the program's name.
    ///
    /// - Parameters:
    ///   - picture: file name in the working folder.
    ///   - threads: for the encoder.
    public func arguments(picture: String, threads: Int) -> [String] {
        var arguments = [
            "-v", "error", "-nostdin", "-y", "-progress", "pipe:1", "-stats_period", "0.25",
            "-filter_complex_threads", "1", "-copyts",
        ]
        let unprobed = UndecodedInput.unprobed(inputs)
        for (take, input) in zip(part.takes, inputs) {
            arguments += unprobed + input.arguments(from: plan.seek(to: take))
        }
        arguments += ["-filter_complex", graph, "-map", "[v]", "-an", "-sn", "-dn", "-map_metadata", "-1"]
        return arguments + encoder.pictureArguments(threads: threads) + ["-f", "mp4", "file:\(picture)"]
    }

    private var graph: String {
        let finish = "setsar=1,format=yuv420p" + captions.map { ",ass=filename=\($0)" }.joined()
        switch part.content {
        case .body(let take):
            return "[0:v:0]\(picture(take)),\(finish)[v]"
        case .transition(let from, let to, let kind):
            let duration = DecimalText.precise(plan.rate.seconds(part.count))
            let mix = "xfade=transition=\(kind.filterName):duration=\(duration):offset=0"
            return "[0:v:0]\(picture(from)),setsar=1,format=yuv420p,settb=AVTB[v0];"
                + "[1:v:0]\(picture(to)),setsar=1,format=yuv420p,settb=AVTB[v1];"
                + "[v0][v1]\(mix),trim=end_frame=\(part.count),setpts=N/(\(plan.rate)*TB),\(finish)[v]"
        }
    }

    /// Exactly `count` frames of a clip in the film's rate and size.
    private func picture(_ take: StitchPart.Take) -> String {
        let clip = plan.clips[take.clip]
        let begin = "PTS-\(DecimalText.precise(clip.begin))/TB"
        let clock = clip.speed == 1 ? begin : "(\(begin))/\(DecimalText.precise(clip.speed))"
        let start = DecimalText.precise(plan.rate.seconds(take.first))
        return "setpts=\(clock),fps=fps=\(plan.rate):start_time=\(start):round=near"
            + ",tpad=stop=\(part.count):stop_mode=clone,trim=end_frame=\(part.count),setpts=N/(\(plan.rate)*TB)"
            + FrameFit(clip.fit, of: clip.facts.video, into: plan.size, label: "\(take.clip)_\(take.first)").filters
    }
}

extension TimelineTransition.Kind {
    /// xfade's own name.
    var filterName: String {
        switch self {
        case .cut, .crossfade: "fade"
        case .dip: "fadeblack"
        case .dipWhite: "fadewhite"
        case .wipeLeft: "wipeleft"
        case .wipeRight: "wiperight"
        case .wipeUp: "wipeup"
        case .wipeDown: "wipedown"
        case .slideLeft: "slideleft"
        case .slideRight: "slideright"
        case .circle: "circleopen"
        case .dissolve: "dissolve"
        }
    }
}
