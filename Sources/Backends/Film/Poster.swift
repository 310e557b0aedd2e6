import JobCore

/// One still picture of a film; where nobody says which, a typical one.
struct Poster: Sendable, Equatable {
    let film: FilmReel
    /// Absolute path of the JPEG to make.
    let picture: String
    /// The frame to take; nil for a typical one.
    var frame: Int?

    /// Everything after the program's name.
    var arguments: [String] {
        let frame = min(max(frame ?? film.typicalFrame, 0), film.frameCount - 1)
        // Half a frame early: rounding must never ask for a time past the last frame.
        let time = max(0, film.rate.seconds(frame) - film.rate.seconds(1) / 2)
        return ["-v", "error", "-nostdin", "-y"] + film.opening(at: time) + [
            "-frames:v", "1", "-an", "-q:v", "3", "-threads", "1",
            "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-update", "1", "-f", "image2",
            "file:\(picture)",
        ]
    }
}
