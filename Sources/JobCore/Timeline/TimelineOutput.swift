/// What the finished film shall be.
public struct TimelineOutput: Sendable, Equatable {
    /// How pictures are encoded.
    public enum Codec: String, CaseIterable, Sendable { case h264, hevc, av1 }
    /// How much time and how many bytes a film is worth.
    public enum Quality: String, CaseIterable, Sendable { case draft, standard, high }
    /// The container.
    public enum Format: String, CaseIterable, Sendable { case mp4, mov, mkv }

    /// Shapes that platforms ask for; keys beside it win over it.
    public enum Preset: String, CaseIterable, Sendable {
        case shorts, youtube, square, draft

        var size: FrameSize? {
            switch self {
            case .shorts: FrameSize(width: 1080, height: 1920)
            case .youtube: FrameSize(width: 1920, height: 1080)
            case .square: FrameSize(width: 1080, height: 1080)
            case .draft: nil
            }
        }

        var quality: Quality? { self == .draft ? .draft : nil }
    }

    /// Nil takes the first clip's, in the aspect ratio if there is one.
    public let size: FrameSize?
    /// Width by height; nil for the first clip's.
    public let aspectRatio: Double?
    /// Frames a second; nil for the first clip's.
    public let framesPerSecond: Double?
    public let codec: Codec
    public let quality: Quality
    public let format: Format

    public init(
        size: FrameSize? = nil, aspectRatio: Double? = nil, framesPerSecond: Double? = nil, codec: Codec = .h264,
        quality: Quality = .standard, format: Format = .mp4
    ) {
        (self.size, self.aspectRatio, self.framesPerSecond) = (size, aspectRatio, framesPerSecond)
        (self.codec, self.quality, self.format) = (codec, quality, format)
    }

    init(_ reader: FieldReader) throws(Failure) {
        let preset = try reader.word("preset", Preset.self)
        let aspect = try reader.text("aspect", maximumBytes: 16)
        let ratio = aspect.flatMap(FrameSize.ratio)
        if let aspect, ratio == nil {
            throw reader.failure("aspect", "must be W:H such as 16:9 or 9:16 (is \"\(aspect)\")")
        }
        var size: FrameSize?
        if let text = try reader.text("size", maximumBytes: 16) {
            size = FrameSize(resolution: text, aspectRatio: aspect)
            if size == nil { throw reader.failure("size", "must be 480p, 720p, 1080p or WxH (is \"\(text)\")") }
        }
        let codec = try reader.word("codec", Codec.self) ?? .h264
        let format = try reader.word("format", Format.self) ?? .mp4
        // QuickTime has no name for it.
        if codec == .av1, format == .mov { throw reader.failure("format", "must be mp4 or mkv for av1 (is \"mov\")") }
        self.init(
            size: size ?? (ratio == nil ? preset?.size : nil), aspectRatio: size == nil ? ratio : nil,
            framesPerSecond: try reader.number("fps", in: 1...120),
            codec: codec, quality: try reader.word("quality", Quality.self) ?? preset?.quality ?? .standard,
            format: format)
    }
}
