public import JobCore

/// What the backends need to know of this machine.
public struct BackendConfiguration: Sendable, Equatable {
    /// Absolute paths of the folders whose files jobs may read (`KINOSPOOL_MEDIA_ROOTS`); default none.
    public var mediaRoots: [String]
    /// Names to look for in `PATH`, or absolute paths.
    public var ffmpeg: String, ffprobe: String, espeak: String

    /// Processors that one export may use, and most bytes of parts that are kept for later ones.
    public var stitchWidth: Int, cacheLimit: Int64

    /// Object storage, nil for none; and what is wrong with its settings, where something is.
    public private(set) var storage: StorageAccess?, storageProblem: Failure?

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

    /// The same with the object storage of the settings. What is wrong with them is told to whom it concerns: a name
    /// such as `S3_BUCKET` may be in the environment for other programs.
    public func withStorage(of settings: Settings) -> BackendConfiguration {
        var configuration = self
        do throws(Failure) {
            configuration.storage = try StorageAccess(settings)
        } catch {
            configuration.storageProblem = error
        }
        return configuration
    }
}
