/// Reading the index of a film, where it is of the everyday kind.
extension SourceFacts {
    /// The same as from ffprobe's answer; nil where a film has no frame rate that can be.
    public init?(_ index: MovieIndex) {
        let sound = index.sound.map {
            Audio(
                codec: "aac", sampleRate: $0.sampleRate, channels: $0.channels, startTime: 0, duration: $0.duration)
        }
        var video: Video?
        if let picture = index.picture {
            guard (0.1...1000).contains(picture.rate) else { return nil }
            video = Video(
                codec: "h264", pixelFormat: "yuv420p", size: picture.size, hasSquarePixels: true, rotation: 0,
                rate: FrameRate(picture.rate), nominalRate: FrameRate(min(picture.nominalRate, 1000)),
                timeBase: "1/\(picture.clock)", startTime: 0, duration: picture.duration,
                frameCount: picture.frameCount, setup: picture.setup)
        }
        self.init(video: video, audio: sound, startTime: 0, duration: index.duration)
    }
}
