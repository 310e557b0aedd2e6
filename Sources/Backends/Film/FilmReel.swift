import JobCore

/// A film that pictures are taken of: one file, or files that follow each other.
struct FilmReel: Sendable, Equatable {
    /// One file of it.
    struct Piece: Sendable, Equatable {
        /// Absolute, or relative to the folder.
        let path: String
        /// ffmpeg's name of the only demuxer that may read it.
        var demuxer = "mov"
        /// At least 1.
        let frameCount: Int
    }

    /// The arguments that open all of it.
    let opening: [String]
    /// At least one.
    let pieces: [Piece]
    /// Absolute path of the folder to run in.
    let folder: String
    let rate: FrameRate
    /// Size of the film's picture as it is shown.
    let size: FrameSize
    /// At least 1.
    let frameCount: Int
    /// The pieces' own indexes tell all that a decoder must know.
    var isKnown = false

    /// Seconds.
    var duration: Double { rate.seconds(frameCount) }

    /// A frame two fifths into the film: past the fade, long before the end. Of many pieces one at most a second into
    /// the piece there: decoding begins at the piece's first frame, and may take longer than joining the film.
    var typicalFrame: Int {
        let frame = (frameCount - 1) * 2 / 5
        guard pieces.count > 1 else { return frame }
        var start = 0
        for piece in pieces {
            if frame < start + piece.frameCount { return start + min(frame - start, rate.frames(1)) }
            start += piece.frameCount
        }
        return frame
    }

    /// - Parameter opening: the arguments that open the list of the pieces.
    init(_ pieces: [Piece], opening: [String], in folder: String, rate: FrameRate, size: FrameSize) {
        (self.opening, self.pieces, self.folder) = (opening, pieces, folder)
        (self.rate, self.size, frameCount) = (rate, size, pieces.reduce(0) { $0 + $1.frameCount })
    }

    /// - Parameters:
    ///   - name: the film's file name, final or not.
    ///   - folder: absolute path.
    init(
        _ name: String, in folder: String, frameCount: Int, rate: FrameRate, size: FrameSize, demuxer: String = "mov"
    ) {
        let piece = Piece(path: "\(folder)/\(name)", demuxer: demuxer, frameCount: frameCount)
        (opening, pieces, self.folder) = (Self.opening(piece), [piece], folder)
        (self.rate, self.size, self.frameCount) = (rate, size, frameCount)
    }

    /// The arguments that open the piece with this moment, right there. Of many files only one is opened.
    func opening(at seconds: Double) -> [String] {
        // Half a frame of room: a moment just before a piece's first frame belongs to that frame.
        let room = rate.seconds(1) / 2 + 0.000_001
        var start = 0
        for (index, piece) in pieces.enumerated() {
            let end = start + piece.frameCount
            if seconds < rate.seconds(end) - room || index == pieces.count - 1 {
                return (isKnown ? UndecodedInput.unprobed : [])
                    + ["-ss", DecimalText.precise(max(0, seconds - rate.seconds(start)))] + Self.opening(piece)
            }
            start = end
        }
        return opening
    }

    private static func opening(_ piece: Piece) -> [String] {
        ["-protocol_whitelist", "file", "-f", piece.demuxer, "-i", "file:\(piece.path)"]
    }
}
