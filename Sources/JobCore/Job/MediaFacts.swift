/// What a probe found in a finished media file.
public struct MediaFacts: Sendable, Equatable {
    /// Length in seconds.
    public var duration: Double
    /// Size in pixels, nil for sound.
    public var width: Int?, height: Int?
    /// Frames a second, nil for sound.
    public var framesPerSecond: Double?
    /// ffmpeg's names, nil where there is no such stream.
    public var videoCodec: String?, audioCodec: String?

    public init(
        duration: Double, width: Int? = nil, height: Int? = nil, framesPerSecond: Double? = nil,
        videoCodec: String? = nil, audioCodec: String? = nil
    ) {
        (self.duration, self.width, self.height) = (duration, width, height)
        (self.framesPerSecond, self.videoCodec, self.audioCodec) = (framesPerSecond, videoCodec, audioCodec)
    }

    /// The keys it adds to an artifact's object.
    public var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["duration": .number(duration)]
        fields["width"] = width.map { .integer(Int64($0)) }
        fields["height"] = height.map { .integer(Int64($0)) }
        fields["fps"] = framesPerSecond.map { .number($0) }
        fields["video_codec"] = videoCodec.map { .string($0) }
        fields["audio_codec"] = audioCodec.map { .string($0) }
        return fields
    }

    /// Reads the keys back; nil when there is no duration.
    public init?(fields: [String: JSONValue]) {
        guard let duration = fields["duration"]?.number else { return nil }
        self.init(
            duration: duration,
            width: fields["width"]?.integer.flatMap(Int.init(exactly:)),
            height: fields["height"]?.integer.flatMap(Int.init(exactly:)),
            framesPerSecond: fields["fps"]?.number,
            videoCodec: fields["video_codec"]?.string, audioCodec: fields["audio_codec"]?.string)
    }
}
