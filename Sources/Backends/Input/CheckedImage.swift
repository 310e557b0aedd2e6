/// A picture that was looked at: a regular file of an allowed format and size that decodes.
struct CheckedImage: Sendable, Equatable {
    /// Absolute path.
    let path: String
    let format: ImageFormat
    let width: Int, height: Int

    /// How ffmpeg is to open it: by a fixed demuxer, and from files only.
    var inputArguments: [String] { Self.inputArguments(path: path, format: format) }

    static func inputArguments(path: String, format: ImageFormat) -> [String] {
        ["-protocol_whitelist", "file", "-f", format.demuxer, "-i", "file:\(path)"]
    }
}
