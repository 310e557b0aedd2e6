public import JobCore

/// What the backends need to know of this machine.
public struct BackendConfiguration: Sendable, Equatable {
    /// Absolute paths of the folders whose files jobs may read (`KINOSPOOL_MEDIA_ROOTS`); default none.
    public var mediaRoots: [String]
    /// Names to look for in `PATH`, or absolute paths.
    public var ffmpeg: String, ffprobe: String, espeak: String

    /// Processors that one export may use, and most bytes of parts that are kept for later ones.
    public var stitchWidth: Int, cacheLimit: Int64

    /// Endpoints, key and profiles.
    public var runpod: RunPodSettings

    public init(
        mediaRoots: [String] = [], ffmpeg: String = "ffmpeg", ffprobe: String = "ffprobe", espeak: String = "espeak-ng",
        stitchWidth: Int = 2, cacheLimit: Int64 = 5_000_000_000,
        runpod: RunPodSettings = RunPodSettings(key: nil, endpoints: [:])
    ) {
        (self.mediaRoots, self.ffmpeg, self.ffprobe, self.espeak) = (mediaRoots, ffmpeg, ffprobe, espeak)
        (self.stitchWidth, self.cacheLimit) = (max(1, stitchWidth), cacheLimit)
        self.runpod = runpod
    }
}
