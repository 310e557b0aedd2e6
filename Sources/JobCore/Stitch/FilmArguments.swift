/// The last run of ffmpeg: picture parts joined as they are, sound encoded once, captions and recipe added.
public struct FilmArguments: Sendable, Equatable {
    public let plan: StitchPlan
    public let encoder: FilmEncoder
    /// Name of the list of picture parts.
    public let pictures: String
    /// The arguments that open the sound.
    public let sound: [String]
    /// Filters over the sound; nil for none.
    public let soundFilters: String?
    /// Name of an SRT file for the track of captions; nil for none.
    public let captions: String?
    /// Name of an ffmetadata file; nil for none.
    public let metadata: String?

    public init(
        plan: StitchPlan, encoder: FilmEncoder, pictures: String, sound: [String], soundFilters: String?,
        captions: String?, metadata: String?
    ) {
        (self.plan, self.encoder, self.pictures, self.sound) = (plan, encoder, pictures, sound)
        (self.soundFilters, self.captions, self.metadata) = (soundFilters, captions, metadata)
    }

    /// Everything after the program's name.
    ///
    /// - Parameter film: name of the file to write.
    public func arguments(film: String) -> [String] {
        var arguments = ["-v", "error", "-nostdin", "-y", "-progress", "pipe:1", "-stats_period", "0.25"]
        arguments += JoinList.arguments(pictures) + sound
        var inputs = 2
        var maps = ["-map", "0:v:0", "-map", "1:a:0"]
        if let captions {
            arguments += ["-protocol_whitelist", "file", "-f", "srt", "-i", "file:\(captions)"]
            maps += ["-map", "\(inputs):s:0", "-c:s", encoder.output.format == .mkv ? "srt" : "mov_text"]
            inputs += 1
        }
        if let metadata {
            arguments += ["-protocol_whitelist", "file", "-f", "ffmetadata", "-i", "file:\(metadata)"]
            maps += ["-map_metadata", "\(inputs)"]
        } else {
            maps += ["-map_metadata", "-1"]
        }
        arguments += maps + ["-map_chapters", "-1", "-c:v", "copy", "-bsf:v", onTheGrid]
        if encoder.output.codec == .hevc { arguments += ["-tag:v", "hvc1"] }
        arguments += ["-video_track_timescale", "\(plan.clock.ticksPerSecond)"]
        if let soundFilters { arguments += ["-af", soundFilters] }
        arguments += FilmEncoder.soundArguments + ["-fflags", "+bitexact"]
        return arguments + encoder.containerArguments + ["file:\(film)"]
    }

    /// Lengths in the list are in microseconds, and a clip's sound may begin before its picture: this puts the first
    /// frame at 0 and every other one on its tick.
    private var onTheGrid: String {
        let ticks = plan.clock.ticksPerFrame
        return "setts=pts=round((PTS-STARTPTS)/\(ticks))*\(ticks):dts=round((DTS-STARTPTS)/\(ticks))*\(ticks)"
    }
}
