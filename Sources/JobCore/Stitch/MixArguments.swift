/// Sound, once over the whole film: the parts' samples, music and voices over them, and a measurement of the result.
public struct MixArguments: Sendable, Equatable {
    /// Seconds of the whole film.
    public let duration: Double
    public let sounds: [TimelineSound]
    /// The files of the sounds, in order.
    public let inputs: [StitchInput]

    public init(duration: Double, sounds: [TimelineSound], inputs: [StitchInput]) {
        (self.duration, self.sounds, self.inputs) = (duration, sounds, inputs)
    }

    /// Mixes and measures.
    ///
    /// - Parameters:
    ///   - list: name of the list of the parts' sounds.
    ///   - mix: name of the file to write; nil only measures, which is all there is to do without other sounds.
    public func arguments(list: String, mix: String?) -> [String] {
        var arguments =
            ["-v", "info", "-hide_banner", "-nostats", "-nostdin", "-y"] + JoinList.arguments(list, ["wav"])
        for (sound, input) in zip(sounds, inputs) {
            arguments += (sound.isLooped ? ["-stream_loop", "-1"] : []) + input.arguments()
        }
        arguments += ["-filter_complex", graph, "-map", "[mix]", "-map_metadata", "-1"]
        guard let mix else { return arguments + ["-f", "null", "-"] }
        return arguments + ["-c:a", "pcm_f32le", "-rf64", "auto", "-f", "wav", "file:\(mix)"]
    }

    private var sampleCount: Int { Int((duration * Double(StitchPlan.sampleRate)).rounded()) }

    private var graph: String {
        let measure = "ebur128=framelog=verbose:peak=true"
        guard !sounds.isEmpty else { return "[0:a:0]\(measure)[mix]" }
        let ducked = sounds.count { $0.isDucked }
        var graph = "[0:a:0]aformat=sample_fmts=fltp:channel_layouts=stereo"
        graph += ducked > 0 ? ",asplit=\(ducked + 1)[film]" : "[film]"
        graph += sounds.indices.filter { sounds[$0].isDucked }.map { "[key\($0)]" }.joined() + ";"
        for (index, sound) in sounds.enumerated() {
            graph += "[\(index + 1):a:0]\(chain(sound))"
            graph +=
                sound.isDucked
                ? "[loud\(index)];[loud\(index)][key\(index)]sidechaincompress=threshold=0.02:ratio=8:attack=20"
                    + ":release=400[sound\(index)];"
                : "[sound\(index)];"
        }
        let names = sounds.indices.map { "[sound\($0)]" }.joined()
        return graph + "[film]\(names)amix=inputs=\(sounds.count + 1):duration=first:normalize=0"
            + ",atrim=end_sample=\(sampleCount),\(measure)[mix]"
    }

    /// A sound as it lies under the film: from its beginning, at most to the film's end.
    private func chain(_ sound: TimelineSound) -> String {
        let length = max(0, duration - sound.start)
        var chain = "aresample=\(StitchPlan.sampleRate),aformat=sample_fmts=fltp:channel_layouts=stereo"
        chain += ",atrim=end=\(DecimalText.precise(length)),asetpts=PTS-STARTPTS"
        if sound.volume != 1 { chain += ",volume=\(DecimalText.short(sound.volume))" }
        if sound.fadeIn > 0 { chain += ",afade=t=in:st=0:d=\(DecimalText.short(sound.fadeIn))" }
        if sound.fadeOut > 0 {
            let start = DecimalText.precise(max(0, length - sound.fadeOut))
            chain += ",afade=t=out:st=\(start):d=\(DecimalText.short(sound.fadeOut))"
        }
        let delay = Int((sound.start * Double(StitchPlan.sampleRate)).rounded())
        if delay > 0 { chain += ",adelay=delays=\(delay)S:all=1" }
        return chain + ",apad=whole_len=\(sampleCount)"
    }
}
