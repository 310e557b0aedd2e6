import JobCore

/// Up to twelve evenly spaced moments of a film in one picture, and how bright each is.
///
/// One run of ffmpeg makes the picture and prints the highest luma of each tile for `FilmLook`. A short film is decoded
/// once; of a longer one only twelve keyframes are, so that the cost does not grow with the length.
struct ContactSheet: Sendable, Equatable {
    /// The film.
    let film: FilmReel
    /// Absolute path of the JPEG to make.
    let picture: String
    /// Whether every frame is decoded, or keyframes alone.
    let decodesWhole: Bool

    /// - Parameter decodesWhole: nil decides by the film's length.
    init(of film: FilmReel, picture: String, decodesWhole: Bool? = nil) {
        (self.film, self.picture) = (film, picture)
        self.decodesWhole = decodesWhole ?? (film.duration <= Self.wholeLimit)
    }

    static let maximumTiles = 12
    /// Pixels.
    static let maximumTileWidth = 320
    /// Films up to so many seconds are decoded whole.
    static let wholeLimit = 20.0

    /// Never more tiles than frames: each shows a picture of its own.
    var tileCount: Int { max(1, min(Self.maximumTiles, film.frameCount)) }

    /// Tiles side by side, and one above the other.
    var columns: Int { min(tileCount, film.size.width >= film.size.height ? 4 : 3) }
    var rows: Int { (tileCount + columns - 1) / columns }

    /// Even sides, the film's aspect, never larger than the film.
    var tileSize: (width: Int, height: Int) {
        let size = film.size
        let width = min(Self.maximumTileWidth, size.width)
        func even(_ side: Double) -> Int { max(2, Int((side / 2).rounded()) * 2) }
        return (even(Double(width)), even(Double(width) * Double(size.height) / Double(size.width)))
    }

    /// The middle of each of as many equal parts as there are tiles, in seconds.
    var moments: [Double] { (0..<tileCount).map { (Double($0) + 0.5) * step } }

    private var step: Double { film.duration / Double(tileCount) }

    /// Everything after the program's name.
    var arguments: [String] {
        ["-v", "error", "-nostdin", "-y"] + (decodesWhole ? whole : keyframes) + [
            "-frames:v", "1", "-an", "-q:v", "4", "-threads", "1", "-map_metadata", "-1", "-fflags", "+bitexact",
            "-flags:v", "+bitexact", "-update", "1", "-f", "image2", "file:\(picture)",
        ]
    }

    /// The whole film, of which the first frame at or after each moment is taken.
    private var whole: [String] {
        // Half a frame early: each moment has a frame of its own, also when there are no more frames than tiles.
        let early = DecimalText.precise(film.duration / Double(max(film.frameCount, 1)) / 2 + 0.0005)
        let next = "t-start_t+\(early)\\,(selected_n+0.5)*\(DecimalText.precise(step))"
        return film.opening + ["-vf", "select=gte(\(next)),\(tile),\(sheet)"]
    }

    /// The keyframe before each moment, each from an input of its own.
    private var keyframes: [String] {
        let inputs = moments.flatMap {
            ["-skip_frame", "nokey", "-threads", "1", "-noaccurate_seek"] + film.opening(at: $0)
        }
        let indices = moments.indices
        let tiles = indices.map { "[\($0):v:0]trim=end_frame=1,\(tile)[t\($0)];" }.joined()
        let all = indices.map { "[t\($0)]" }.joined() + "concat=n=\(tileCount):v=1:a=0"
        return inputs + ["-filter_complex", "\(tiles)\(all),\(sheet)[sheet]", "-map", "[sheet]"]
    }

    /// One frame to one tile, with luma from 16 to 235 whatever the film's range is.
    private var tile: String {
        let (width, height) = tileSize
        return "scale=\(width):\(height):flags=bicubic:out_range=tv,format=yuv420p,setsar=1"
    }

    /// The highest luma of each tile to standard output, then the sheet.
    ///
    /// A keyframe lies before the moment that was asked for, so its time is below 0: ffmpeg would drop it at the end.
    private var sheet: String {
        "setpts=N/TB,signalstats,metadata=mode=print:key=\(FilmLook.key):file=-,tile=\(columns)x\(rows)"
    }
}
