import JobCore

/// The arguments that every preview film ends with: how it is encoded, and where it goes.
enum FilmOutput {
    /// The film, finished and not.
    static let name = "video.mp4", partName = "video.part.mp4"
    /// The words over the film, read by ffmpeg from its working folder.
    static let cardName = "card.ass"

    /// Before the inputs: quiet, no questions, progress on standard output.
    static let opening = ["-v", "error", "-nostdin", "-y", "-progress", "pipe:1", "-stats_period", "0.25"]

    /// What every preview says of itself, in its recipe or alone.
    static let note = "A local preview drawn by Kinospool with ffmpeg; no video model made it."

    /// After the filter graph, whose outputs are `[v]` and `[a]`.
    ///
    /// Bytes are the same on every machine with the same ffmpeg: two encoder threads always, no version strings. A
    /// keyframe at least every two seconds, so that players jump at once and contact sheets need little decoding.
    ///
    /// - Parameter commentIndex: the number of the input that holds the comment.
    static func arguments(plan: FilmPlan, commentIndex: Int, scratch: String) -> [String] {
        [
            "-map", "[v]", "-map", "[a]", "-frames:v", "\(plan.frameCount)", "-t", DecimalText.precise(plan.duration),
            "-r", plan.rate.description, "-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-threads", "2",
            "-g", "\(max(1, Int((plan.rate.value * 2).rounded())))",
            "-pix_fmt", "yuv420p", "-color_range", "tv", "-c:a", "aac", "-b:a", "96k", "-ar", "48000", "-ac", "2",
        ] + FilmComment.output(index: commentIndex) + [
            "-metadata", "title=Kinospool local preview", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a",
            "+bitexact", "-movflags", "+faststart",
            "-f", "mp4", "file:\(scratch)/\(partName)",
        ]
    }

    /// The end of the picture chain: the words, then the fades.
    static func finish(plan: FilmPlan) -> String {
        "format=yuv420p,ass=\(cardName)" + fades(plan, "fade")
    }

    /// `,fade=in:…,fade=out:…`, or nothing in a film too short for it.
    private static func fades(_ plan: FilmPlan, _ filter: String) -> String {
        guard plan.fade > 0 else { return "" }
        let length = DecimalText.precise(plan.fade)
        let start = DecimalText.precise(plan.duration - plan.fade)
        return ",\(filter)=t=in:st=0:d=\(length),\(filter)=t=out:st=\(start):d=\(length)"
    }

    /// Three soft tones with a slow breath, a little apart in the two ears; peak about -20 dBFS.
    static func sound(plan: FilmPlan, tones: [Double]) -> String {
        func voice(_ detune: Double, _ phase: Double) -> String {
            // Loudness, frequency, and how deep and how often each tone breathes.
            let low = tone("0.045", tones[0] + detune, "0.7+0.3", breath: "0.13", phase)
            let middle = tone("0.028", tones[1] - detune, "0.6+0.4", breath: "0.19", phase + 1)
            return low + "+" + middle + "+" + tone("0.010", tones[2] + detune, "0.5+0.5", breath: "0.29", phase + 2)
        }
        return "aevalsrc=\(voice(0.2, 0))|\(voice(-0.2, 0.9)):s=48000:d=\(DecimalText.precise(plan.duration))"
    }

    private static func tone(
        _ loudness: String, _ frequency: Double, _ depth: String, breath: String, _ phase: Double
    ) -> String {
        let wave = "\(loudness)*sin(2*PI*\(DecimalText.short(frequency))*t)"
        return "\(wave)*(\(depth)*sin(2*PI*\(breath)*t+\(DecimalText.short(phase))))"
    }

    /// The sound chain of the filter graph, from input `index` to `[a]`.
    static func soundChain(index: Int, plan: FilmPlan) -> String {
        "[\(index):a]aformat=sample_fmts=fltp:channel_layouts=stereo\(fades(plan, "afade"))[a]"
    }
}
