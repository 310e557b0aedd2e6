/// The run of ffmpeg that brings the sound of the whole film to its loudness and encodes it, once.
public struct SoundtrackArguments: Sendable, Equatable {
    /// The arguments that open the sound.
    public let sound: [String]
    /// Filters over the sound; nil for none.
    public let filters: String?

    public init(sound: [String], filters: String?) { (self.sound, self.filters) = (sound, filters) }

    /// Everything after the program's name.
    ///
    /// - Parameter soundtrack: name of the MP4 file to write; its edit list keeps the encoder's lead-in out of the
    ///   film.
    public func arguments(soundtrack: String) -> [String] {
        ["-v", "error", "-nostdin", "-y"] + sound + ["-map", "0:a:0", "-map_metadata", "-1"]
            + (filters.map { ["-af", $0] } ?? []) + FilmEncoder.soundArguments
            + ["-fflags", "+bitexact", "-f", "mp4", "file:\(soundtrack)"]
    }
}
