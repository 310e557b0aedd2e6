/// A file that ffmpeg is to open: by a fixed demuxer, and from files only, so that its content cannot send ffmpeg
/// anywhere else.
public struct StitchInput: Sendable, Equatable, Hashable {
    /// Absolute path.
    public let path: String
    /// ffmpeg's name of the only demuxer that may read it.
    public let demuxer: String
    /// Its index was read and tells all that a decoder must know.
    public let isKnown: Bool

    public init(path: String, demuxer: String, isKnown: Bool = false) {
        (self.path, self.demuxer, self.isKnown) = (path, demuxer, isKnown)
    }

    /// The arguments that open it.
    ///
    /// - Parameter start: second of the file's own clock to begin at; a little earlier is read.
    public func arguments(from start: Double? = nil) -> [String] {
        let seek = start.map { $0 > 0.001 ? ["-ss", DecimalText.precise($0)] : [] } ?? []
        return ["-threads", "1", "-protocol_whitelist", "file", "-f", demuxer] + seek + ["-i", "file:\(path)"]
    }
}
