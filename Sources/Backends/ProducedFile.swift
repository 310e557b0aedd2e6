public import JobCore

/// A file that a backend made, before it was probed and hashed.
public struct ProducedFile: Sendable, Equatable {
    /// File name in the scratch folder.
    public let name: String
    public let kind: Artifact.Kind
    /// File name of the still picture that stands for it.
    public let poster: String?
    /// File name of the picture with moments from the whole film.
    public let contactSheet: String?
    /// What a film must be, for the gate; nil where nothing was promised.
    public let promise: Promise?

    /// What was asked of a film, held against what a probe finds.
    public struct Promise: Sendable, Equatable {
        /// Seconds; the film may differ by one frame.
        public let duration: Double
        public let size: FrameSize
        public let framesPerSecond: Double
        /// What the stitcher promises beyond that; a film that breaks it is an `ffmpeg_error`.
        public let film: FilmProof?

        public init(duration: Double, size: FrameSize, framesPerSecond: Double, film: FilmProof? = nil) {
            (self.duration, self.size, self.framesPerSecond) = (duration, size, framesPerSecond)
            self.film = film
        }
    }

    public init(
        name: String, kind: Artifact.Kind, poster: String? = nil, contactSheet: String? = nil, promise: Promise? = nil
    ) {
        (self.name, self.kind, self.promise) = (name, kind, promise)
        (self.poster, self.contactSheet) = (poster, contactSheet)
    }
}
