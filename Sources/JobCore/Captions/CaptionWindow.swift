/// A part of the film in whole frames: what one run of ffmpeg encodes.
public struct CaptionWindow: Sendable, Equatable {
    /// Counted from the film's first frame.
    public let frames: Range<Int>
    public let framesPerSecond: Double

    /// The most frames a second.
    public static let fastest = 240.0

    /// A cue that begins this little after a frame still begins with it: 0.1 s at 10 frames a second is frame 1, though
    /// in binary it is a little more. In frames.
    private static let tolerance = 0.001

    /// Nil when the speed is not above 0 and at most `fastest`, or the frames begin below 0.
    public init?(frames: Range<Int>, framesPerSecond: Double) {
        guard framesPerSecond > 0, framesPerSecond <= Self.fastest, frames.lowerBound >= 0 else { return nil }
        (self.frames, self.framesPerSecond) = (frames, framesPerSecond)
    }

    /// From times of the film in seconds, rounded to the nearest frame.
    public init?(seconds: Range<Double>, framesPerSecond: Double) {
        guard framesPerSecond > 0, seconds.lowerBound >= 0, seconds.upperBound <= Cue.latestEnd else { return nil }
        let first = Int((seconds.lowerBound * framesPerSecond).rounded())
        let past = Int((seconds.upperBound * framesPerSecond).rounded())
        self.init(frames: first..<past, framesPerSecond: framesPerSecond)
    }

    /// The frames in which a cue is seen, counted from the window's begin: `k` with start <= time of `k` < end.
    ///
    /// They may begin before the window and end after it. Nil when the cue is seen in no frame of the window, either
    /// because it lies outside or because it is shorter than a frame and falls between two.
    func visibleFrames(of cue: Cue) -> Range<Int>? {
        guard let first = frame(from: cue.start), let past = frame(from: cue.end),
            first < past, first < frames.upperBound, past > frames.lowerBound, !frames.isEmpty
        else { return nil }
        return (first - frames.lowerBound)..<(past - frames.lowerBound)
    }

    /// Whether a cue is seen in any frame of the window.
    public func shows(_ cue: Cue) -> Bool { visibleFrames(of: cue) != nil }

    /// The first frame of the film at or after a time; nil for times no film has.
    private func frame(from seconds: Double) -> Int? {
        guard (-Cue.latestEnd...Cue.latestEnd).contains(seconds) else { return nil }
        return Int((seconds * framesPerSecond - Self.tolerance).rounded(.up))
    }
}
