/// What the backends need to know of this machine.
public struct BackendConfiguration: Sendable, Equatable {
    /// Absolute paths of the folders whose files jobs may read (`KINOSPOOL_MEDIA_ROOTS`); default none.
    public var mediaRoots: [String]
    /// Names to look for in `PATH`, or absolute paths.
    public var ffmpeg: String, ffprobe: String, espeak: String

    public init(
        mediaRoots: [String] = [], ffmpeg: String = "ffmpeg", ffprobe: String = "ffprobe", espeak: String = "espeak-ng"
    ) {
        (self.mediaRoots, self.ffmpeg, self.ffprobe, self.espeak) = (mediaRoots, ffmpeg, ffprobe, espeak)
    }
}
