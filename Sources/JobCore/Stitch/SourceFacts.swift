/// What a probe found in a file that a film is to be made from.
public struct SourceFacts: Sendable, Equatable {
    /// The picture.
    public struct Video: Sendable, Equatable {
        public let codec: String, pixelFormat: String
        /// As shown: turned, and with square pixels.
        public let size: FrameSize
        /// False where the pixels are not square.
        public let hasSquarePixels: Bool
        /// Degrees that a player turns it by.
        public let rotation: Int
        /// Mean and nominal frames a second; equal where every frame lasts as long as the others.
        public let rate: FrameRate, nominalRate: FrameRate
        /// `1/12800`: the container's clock.
        public let timeBase: String
        /// Seconds; the length is nil where the container does not say.
        public let startTime: Double, duration: Double?
        public let frameCount: Int?
        /// Hash of what a decoder needs to know before the first frame.
        public let setup: String
    }

    /// The sound.
    public struct Audio: Sendable, Equatable {
        public let codec: String
        public let sampleRate: Int, channels: Int
        public let startTime: Double, duration: Double?
    }

    public let video: Video?, audio: Audio?
    /// Seconds: where the file's clock begins, and how long the file is.
    public let startTime: Double, duration: Double?

    public init(video: Video?, audio: Audio?, startTime: Double, duration: Double?) {
        (self.video, self.audio, self.startTime, self.duration) = (video, audio, startTime, duration)
    }

    /// Seconds that can be shown of the picture.
    public var filmLength: Double? {
        guard let video else { return nil }
        return video.duration ?? duration
    }
}
