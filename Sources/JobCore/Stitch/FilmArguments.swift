/// The last run of ffmpeg: picture parts and the soundtrack joined as they are, captions and recipe added.
public struct FilmArguments: Sendable, Equatable {
    public let plan: StitchPlan
    public let encoder: FilmEncoder
    /// Name of the list of picture parts.
    public let pictures: String
    /// ffmpeg's names of the demuxers for them.
    public let demuxers: [String]
    /// Name of the soundtrack's file.
    public let soundtrack: String
    /// Name of an SRT file for the track of captions; nil for none.
    public let captions: String?
    /// Name of an ffmetadata file; nil for none.
    public let metadata: String?

    public init(
        plan: StitchPlan, encoder: FilmEncoder, pictures: String, demuxers: [String], soundtrack: String,
        captions: String?, metadata: String?
    ) {
        (self.plan, self.encoder, self.pictures, self.demuxers) = (plan, encoder, pictures, demuxers)
        (self.soundtrack, self.captions, self.metadata) = (soundtrack, captions, metadata)
    }

    /// Everything after the program's name.
    ///
    /// - Parameter film: name of the file to write.
    public func arguments(film: String) -> [String] {
        var arguments = UndecodedInput.logLevel + ["-nostdin", "-y"]
        if demuxers == [UndecodedInput.demuxer] { arguments += UndecodedInput.copying }
        arguments += JoinList.arguments(pictures, demuxers)
        arguments += ["-protocol_whitelist", "file", "-f", "mov", "-i", "file:\(soundtrack)"]
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
        return arguments + ["-c:a", "copy", "-fflags", "+bitexact"] + encoder.containerArguments + ["file:\(film)"]
    }

    /// Lengths in the list are in microseconds, and a clip's sound may begin before its picture: this puts the first
    /// frame at 0 and every other one on its tick, whatever the container's clock is.
    ///
    /// Matroska counts milliseconds, so it has no such ticks; ffmpeg 5.1 gives the filter its times in those, while
    /// `TB` still is the clip's clock.
    private var onTheGrid: String {
        guard encoder.output.format != .mkv else { return "setts=pts=PTS-STARTPTS:dts=DTS-STARTPTS" }
        func tick(_ time: String) -> String { "round(round((\(time)-STARTPTS)*TB*\(plan.rate))/(\(plan.rate)*TB))" }
        return "setts=pts=\(tick("PTS")):dts=\(tick("DTS"))"
    }
}
