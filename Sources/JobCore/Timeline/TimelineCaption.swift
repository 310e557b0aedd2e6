/// A text over the picture.
public struct TimelineCaption: Sendable, Equatable {
    public let text: String
    /// Seconds of the film.
    public let start: Double, end: Double
    /// Name of a caption style; nil for the default.
    public let style: String?

    /// Limits.
    public static let textLimit = 2048
    public static let times = 0.0...86_400.0

    public init(text: String, start: Double, end: Double, style: String? = nil) {
        (self.text, self.start, self.end, self.style) = (text, start, end, style)
    }

    init(_ reader: FieldReader) throws(Failure) {
        guard let text = try reader.text("text", maximumBytes: Self.textLimit) else {
            throw reader.failure("text", "is missing")
        }
        guard let start = try reader.number("start", in: Self.times) else {
            throw reader.failure("start", "is missing")
        }
        guard let end = try reader.number("end", in: Self.times) else { throw reader.failure("end", "is missing") }
        guard end > start else { throw reader.failure("end", "must be after start") }
        self.init(text: text, start: start, end: end, style: try reader.text("style", maximumBytes: 64))
    }
}
