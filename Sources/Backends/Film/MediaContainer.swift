import JobCore

/// A kind of file that holds a film or a sound, in ffmpeg's words.
struct MediaContainer: Sendable, Equatable {
    /// The only reader that may open it.
    let demuxer: String
    /// The writer of the same kind; nil where it keeps no comment.
    let muxer: String?

    /// How many of a file's first bytes tell what it is.
    static let headLength = 64

    /// Nil for pictures and what is no media.
    ///
    /// - Parameter head: the file's first bytes.
    init?(_ head: [UInt8]) {
        guard let signature = MediaSignature(head) else { return nil }
        switch signature {
        case .mp4: (demuxer, muxer) = ("mov", "mp4")
        case .webm:
            // Both begin alike, and some players of WebM refuse Matroska in general.
            let isWebM = String(decoding: head, as: UTF8.self).contains("webm")
            (demuxer, muxer) = ("matroska", isWebM ? "webm" : "matroska")
        case .avi: (demuxer, muxer) = ("avi", "avi")
        case .mp3: (demuxer, muxer) = ("mp3", "mp3")
        // The writer that leaves the brand as it is.
        case .m4a: (demuxer, muxer) = ("mov", "ipod")
        case .wav: (demuxer, muxer) = ("wav", "wav")
        case .ogg: (demuxer, muxer) = ("ogg", "ogg")
        case .flac: (demuxer, muxer) = ("flac", "flac")
        case .gif: (demuxer, muxer) = ("gif", nil)
        case .png, .jpg, .webp: return nil
        }
    }
}
