/// The parameters that the generating types share, checked and with their limits.
///
/// Nil means "not asked": each backend has its own defaults.
public struct JobParameters: Sendable, Equatable {
    public var prompt: String?, negativePrompt: String?
    /// Names of attachments, absolute paths inside a media root, or URLs.
    public var image: String?, endImage: String?, audio: String?, video: String?
    /// Seconds.
    public var duration: Double?
    public var frameCount: Int?
    public var framesPerSecond: Double?
    public var size: FrameSize?
    public var steps: Int?
    public var guidance: Double?
    public var seed: Int?
    /// Speech: the words (else `prompt`), and the voice by the engine's name.
    public var text: String?, voice: String?

    /// Limits, tested at the limit and one past it.
    public static let promptLimit = 8 * 1024
    public static let durations = 0.1...3600.0
    public static let seeds = 0...Int(UInt32.max)

    /// - Throws: `invalid_job` with a JSON pointer.
    init(_ reader: FieldReader) throws(Failure) {
        prompt = try reader.text("prompt", maximumBytes: Self.promptLimit)
        negativePrompt = try reader.text("negative_prompt", maximumBytes: Self.promptLimit)
        image = try Self.source("image", reader)
        endImage = try Self.source("end_image", reader)
        audio = try Self.source("audio", reader)
        video = try Self.source("video", reader)
        duration = try reader.number("duration", in: Self.durations)
        frameCount = try reader.integer("num_frames", in: 1...216_000)
        framesPerSecond = try reader.number("fps", in: 1...120)
        size = try Self.size(reader)
        steps = try reader.integer("steps", in: 1...1000)
        guidance = try reader.number("guidance", in: 0...100)
        seed = try reader.integer("seed", in: Self.seeds)
        text = try reader.text("text", maximumBytes: Self.promptLimit)
        voice = try reader.text("voice", maximumBytes: 64)
    }

    private static func source(_ key: String, _ reader: FieldReader) throws(Failure) -> String? {
        guard let text = try reader.text(key, maximumBytes: 4096) else { return nil }
        let hasControl = text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
        guard !text.isEmpty, !hasControl else { throw reader.failure(key, "must be a file name or a URL") }
        return text
    }

    /// `width` and `height` win over `resolution` (with `aspect_ratio`).
    private static func size(_ reader: FieldReader) throws(Failure) -> FrameSize? {
        let width = try reader.integer("width", in: FrameSize.sides)
        let height = try reader.integer("height", in: FrameSize.sides)
        let aspectRatio = try reader.text("aspect_ratio", maximumBytes: 16)
        let resolution = try reader.text("resolution", maximumBytes: 16)
        if let aspectRatio, FrameSize.ratio(aspectRatio) == nil {
            throw reader.failure("aspect_ratio", "must be W:H such as 16:9 or 9:16 (is \"\(aspectRatio)\")")
        }
        switch (width, height) {
        case (let width?, let height?): return FrameSize(width: width, height: height)
        case (.some, nil): throw reader.failure("height", "is needed beside width")
        case (nil, .some): throw reader.failure("width", "is needed beside height")
        case (nil, nil): break
        }
        guard resolution != nil || aspectRatio != nil else { return nil }
        guard let size = FrameSize(resolution: resolution ?? "480p", aspectRatio: aspectRatio) else {
            throw reader.failure("resolution", "must be 480p, 720p, 1080p or WxH (is \"\(resolution ?? "")\")")
        }
        return size
    }
}
