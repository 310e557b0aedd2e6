/// One piece of the film, in the order of the list.
public struct TimelineClip: Sendable, Equatable {
    /// What becomes of a picture whose shape is not the film's.
    public enum Fit: String, CaseIterable, Sendable {
        /// All of it, with black bars.
        case contain
        /// The whole frame, with its edges cut off.
        case cover
        /// All of it, over itself enlarged and out of focus.
        case blur
        /// Pulled to the film's shape.
        case stretch
    }

    /// A text for as long as the clip is seen.
    public struct Caption: Sendable, Equatable {
        public let text: String
        public let style: String?

        public init(text: String, style: String?) { (self.text, self.style) = (text, style) }
    }

    public let source: MediaReference
    /// Seconds of the source to begin at, and to end at; nil for its end.
    public let start: Double, end: Double?
    /// 2 plays twice as fast.
    public let speed: Double
    /// 1 leaves the sound as it is, 0 is silence.
    public let volume: Double
    /// Nil takes the timeline's.
    public let fit: Fit?
    /// How it goes over into the next clip; nil takes the timeline's.
    public let transition: TimelineTransition?
    public let caption: Caption?

    /// Limits.
    public static let speeds = 0.1...10.0
    public static let volumes = 0.0...4.0

    public init(
        source: MediaReference, start: Double = 0, end: Double? = nil, speed: Double = 1, volume: Double = 1,
        fit: Fit? = nil, transition: TimelineTransition? = nil, caption: Caption? = nil
    ) {
        (self.source, self.start, self.end) = (source, start, end)
        (self.speed, self.volume, self.fit) = (speed, volume, fit)
        (self.transition, self.caption) = (transition, caption)
    }

    /// Reads the element `index`: a text, or an object.
    init(_ index: String, in reader: FieldReader) throws(Failure) {
        if let text = reader.present(index)?.string {
            self.init(source: try MediaReference(text, reader, index))
            return
        }
        let fields = try reader.object(index)
        let start = try fields.number("start", in: TimelineCaption.times) ?? 0
        let end = try fields.number("end", in: TimelineCaption.times)
        if let end, end <= start { throw fields.failure("end", "must be after start") }
        self.init(
            source: try MediaReference(fields), start: start, end: end,
            speed: try fields.number("speed", in: Self.speeds) ?? 1,
            volume: try fields.number("volume", in: Self.volumes) ?? 1,
            fit: try fields.word("fit", Fit.self),
            transition: try TimelineTransition("transition", in: fields),
            caption: try Self.caption(fields))
    }

    private static func caption(_ fields: FieldReader) throws(Failure) -> Caption? {
        guard let value = fields.present("caption") else { return nil }
        if value.object == nil {
            let text = try fields.text("caption", maximumBytes: TimelineCaption.textLimit) ?? ""
            return text.isEmpty ? nil : Caption(text: text, style: nil)
        }
        let members = try fields.object("caption")
        guard let text = try members.text("text", maximumBytes: TimelineCaption.textLimit) else {
            throw members.failure("text", "is missing")
        }
        return Caption(text: text, style: try members.text("style", maximumBytes: 64))
    }
}
