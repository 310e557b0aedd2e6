/// What a look at a few moments of a film shows, from the lines that `ContactSheet` prints.
struct FilmLook: Sendable, Equatable {
    /// What ffmpeg calls the highest luma of a frame.
    static let key = "lavfi.signalstats.YMAX"
    /// Up to here a picture counts as black: 16 is black, 235 is white, encoders and grain add a little.
    static let blackLuma = 32

    /// The highest luma of each moment, 16 to 235, in order.
    private(set) var highestLumas: [Int] = []

    /// Takes one line of ffmpeg's output; any other line changes nothing.
    mutating func take(_ line: String) {
        guard line.hasPrefix(Self.key + "="), let luma = Double(line.dropFirst(Self.key.count + 1)),
            (0...65_535).contains(luma)
        else { return }
        highestLumas.append(Int(luma))
    }

    /// True when not one moment shows anything; false when nothing is known.
    var isBlack: Bool { !highestLumas.isEmpty && highestLumas.allSatisfy { $0 <= Self.blackLuma } }

    /// What people should know; nil when the film looks like one.
    var warning: String? { isBlack ? "The film is all black." : nil }
}
