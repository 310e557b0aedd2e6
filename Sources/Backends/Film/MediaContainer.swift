import JobCore

/// A kind of file that holds a film or a sound, in ffmpeg's words.
struct MediaContainer: Sendable, Equatable {
    /// The only reader that may open it.
    let demuxer: String
    /// The writer of the same kind; nil where it keeps no comment.
    let muxer: String?

    /// Nil for pictures.
    init?(_ signature: MediaSignature) {
        switch signature {
        case .mp4: (demuxer, muxer) = ("mov", "mp4")
        case .webm: (demuxer, muxer) = ("matroska", "matroska")
        case .avi: (demuxer, muxer) = ("avi", "avi")
        case .mp3: (demuxer, muxer) = ("mp3", "mp3")
        case .wav: (demuxer, muxer) = ("wav", "wav")
        case .ogg: (demuxer, muxer) = ("ogg", "ogg")
        case .flac: (demuxer, muxer) = ("flac", "flac")
        case .gif: (demuxer, muxer) = ("gif", nil)
        case .png, .jpg, .webp: return nil
        }
    }
}
