/// One clip of a film, measured in the film's own frames.
public struct PlannedClip: Sendable, Equatable {
    public let source: MediaReference
    public let facts: SourceFacts
    /// Second of the file's own clock at which the clip begins.
    public let begin: Double
    /// Frames of the film that it fills, those shared with its neighbours among them; at least 1.
    public let frameCount: Int
    public let speed: Double, volume: Double
    public let fit: TimelineClip.Fit
    /// Whether all of the file is shown, as it is.
    public let isWhole: Bool
    /// The film's frame at which the clip begins.
    public let filmStart: Int
}
