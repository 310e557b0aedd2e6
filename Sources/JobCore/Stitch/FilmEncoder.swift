/// How pictures and sound are encoded: the same for all parts of a film, so that they can be joined as they are.
public struct FilmEncoder: Sendable, Equatable {
    public let output: TimelineOutput
    public let rate: FrameRate

    public init(output: TimelineOutput, rate: FrameRate) { (self.output, self.rate) = (output, rate) }

    /// - Parameter threads: how many the encoder may use; it changes the bytes, not the film.
    public func pictureArguments(threads: Int) -> [String] {
        let common = [
            "-threads", "\(threads)", "-pix_fmt", "yuv420p", "-r", rate.description,
            "-video_track_timescale", "\(rate.clock.ticksPerSecond)",
        ]
        switch output.codec {
        case .h264: return ["-c:v", "libx264", "-preset", speed.x264, "-crf", speed.crf264] + common
        case .hevc:
            return [
                "-c:v", "libx265", "-preset", speed.x265, "-crf", speed.crf265, "-tag:v", "hvc1",
                "-x265-params", "log-level=error:pools=\(threads)",
            ] + common
        case .av1:
            return ["-c:v", "libsvtav1", "-preset", speed.av1, "-crf", speed.crfAV1, "-svtav1-params", "lp=\(threads)"]
                + common
        }
    }

    /// The sound of the finished film.
    public static let soundArguments = ["-c:a", "aac", "-b:a", "192k", "-ar", "\(StitchPlan.sampleRate)", "-ac", "2"]

    /// What the container needs.
    public var containerArguments: [String] {
        switch output.format {
        case .mp4, .mov: ["-movflags", "+faststart", "-f", output.format.rawValue]
        case .mkv: ["-f", "matroska"]
        }
    }

    /// The encoders' own words for how much time a film is worth.
    private struct Speed {
        let x264: String, crf264: String, x265: String, crf265: String, av1: String, crfAV1: String
    }

    private var speed: Speed {
        switch output.quality {
        case .draft:
            Speed(x264: "ultrafast", crf264: "28", x265: "ultrafast", crf265: "30", av1: "12", crfAV1: "45")
        case .standard: Speed(x264: "veryfast", crf264: "20", x265: "fast", crf265: "23", av1: "10", crfAV1: "32")
        case .high: Speed(x264: "medium", crf264: "17", x265: "medium", crf265: "20", av1: "6", crfAV1: "25")
        }
    }
}
