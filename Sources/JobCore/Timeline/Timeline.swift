/// A film as its clips, captions and sounds: the parameters of an `EXPORT` job.
///
/// The smallest is `{"clips": ["job:shot1", "intro.mp4"]}`; the predecessor's
/// `{"clips": [{"url", "start", "end"}], "captions": [{"text", "start", "end"}]}` is valid as it is.
public struct Timeline: Sendable, Equatable {
    public let clips: [TimelineClip]
    public let captions: TimelineCaptions
    public let sounds: [TimelineSound]
    /// How loud the whole film is, in LUFS (EBU R 128); nil leaves it as it comes out of the mix.
    public let loudness: Double?
    public let output: TimelineOutput
    /// For clips that say nothing of their own.
    public let fit: TimelineClip.Fit
    public let transition: TimelineTransition
    /// Second of the film whose picture stands for it; nil: two fifths into it.
    public let posterTime: Double?
    /// Whether there is a picture that stands for the film, and a sheet of small pictures of it; both by default.
    public let hasPoster: Bool, hasContactSheet: Bool
    /// Whether an animated GIF is made beside the film.
    public let hasPreview: Bool

    /// Limits.
    public static let clipLimit = 500, soundLimit = 32
    public static let loudnesses = -40.0 ... -5.0
    public static let defaultLoudness = -14.0

    public init(
        clips: [TimelineClip], captions: TimelineCaptions = .none, sounds: [TimelineSound] = [],
        loudness: Double? = Timeline.defaultLoudness, output: TimelineOutput = TimelineOutput(),
        fit: TimelineClip.Fit = .contain, transition: TimelineTransition = .cut, posterTime: Double? = nil,
        hasPoster: Bool = true, hasContactSheet: Bool = true, hasPreview: Bool = false
    ) {
        (self.clips, self.captions, self.sounds, self.loudness) = (clips, captions, sounds, loudness)
        (self.output, self.fit, self.transition) = (output, fit, transition)
        (self.posterTime, self.hasPoster) = (posterTime, hasPoster)
        (self.hasContactSheet, self.hasPreview) = (hasContactSheet, hasPreview)
    }

    /// - Throws: `invalid_job` with a JSON pointer to the first offender.
    init(_ reader: FieldReader) throws(Failure) {
        var clips: [TimelineClip] = []
        for (index, element) in try reader.elements("clips", maximumCount: Self.clipLimit) {
            clips.append(try TimelineClip(index, in: element))
        }
        guard !clips.isEmpty else { throw reader.failure("clips", "must name at least one clip") }
        var sounds: [TimelineSound] = []
        for (index, element) in try reader.elements("audio", maximumCount: Self.soundLimit) {
            sounds.append(try TimelineSound(index, in: element))
        }
        // `true`, `false`, or the second to take it from.
        let posterIsFlag = if case .bool? = reader.present("poster") { true } else { false }
        self.init(
            clips: clips, captions: try TimelineCaptions(in: reader), sounds: sounds,
            loudness: try Self.loudness(reader), output: try TimelineOutput(try reader.object("output")),
            fit: try reader.word("fit", TimelineClip.Fit.self) ?? .contain,
            transition: try TimelineTransition("transition", in: reader) ?? .cut,
            posterTime: posterIsFlag ? nil : try reader.number("poster", in: TimelineCaption.times),
            hasPoster: posterIsFlag ? try reader.bool("poster") ?? true : true,
            hasContactSheet: try reader.bool("contact_sheet") ?? true,
            hasPreview: try reader.bool("preview_gif") ?? false)
    }

    /// A number of LUFS, or `"off"`.
    private static func loudness(_ reader: FieldReader) throws(Failure) -> Double? {
        let key = "loudness"
        guard let text = reader.present(key)?.string else {
            return try reader.number(key, in: loudnesses) ?? defaultLoudness
        }
        guard text.lowercased() == "off" else {
            throw reader.failure(key, "must be a number of LUFS or \"off\" (is \"\(text.prefix(40))\")")
        }
        return nil
    }

    /// Everything that must be there before the film can be made, each once.
    public var sources: [MediaReference] {
        var seen: Set<MediaReference> = []
        let all = clips.map(\.source) + sounds.map(\.source) + [captions.file].compactMap { $0 }
        return all.filter { seen.insert($0).inserted }
    }

    /// The jobs whose films it uses, each once.
    public var neededJobs: [JobID] {
        var seen: Set<JobID> = []
        return sources.compactMap(\.neededJob).filter { seen.insert($0).inserted }
    }
}
