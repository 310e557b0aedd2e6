/// Music or a voice under the film.
public struct TimelineSound: Sendable, Equatable {
    public let source: MediaReference
    /// Second of the film at which it begins.
    public let start: Double
    /// 1 leaves it as it is.
    public let volume: Double
    /// Begins again until the film ends.
    public let isLooped: Bool
    /// Seconds; 0 for none.
    public let fadeIn: Double, fadeOut: Double
    /// Goes quiet while the clips have something to say.
    public let isDucked: Bool

    public static let fades = 0.0...60.0

    public init(
        source: MediaReference, start: Double = 0, volume: Double = 1, isLooped: Bool = false, fadeIn: Double = 0,
        fadeOut: Double = 0, isDucked: Bool = false
    ) {
        (self.source, self.start, self.volume, self.isLooped) = (source, start, volume, isLooped)
        (self.fadeIn, self.fadeOut, self.isDucked) = (fadeIn, fadeOut, isDucked)
    }

    /// Reads the element `index`: a text, or an object.
    init(_ index: String, in reader: FieldReader) throws(Failure) {
        if let text = reader.present(index)?.string {
            self.init(source: try MediaReference(text, reader, index))
            return
        }
        let fields = try reader.object(index)
        self.init(
            source: try MediaReference(fields), start: try fields.number("start", in: TimelineCaption.times) ?? 0,
            volume: try fields.number("volume", in: TimelineClip.volumes) ?? 1,
            isLooped: try fields.bool("loop") ?? false,
            fadeIn: try fields.number("fade_in", in: Self.fades) ?? 0,
            fadeOut: try fields.number("fade_out", in: Self.fades) ?? 0,
            isDucked: try fields.bool("duck") ?? false)
    }
}
