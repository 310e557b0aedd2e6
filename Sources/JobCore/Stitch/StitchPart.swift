/// A piece of the film that is encoded by one run of ffmpeg, and kept: a clip's body, or the transition between two.
public struct StitchPart: Sendable, Equatable {
    /// A run of frames of one clip.
    public struct Take: Sendable, Equatable {
        /// Index of the clip.
        public let clip: Int
        /// The clip's own frame to begin with.
        public let first: Int
    }

    /// What is seen in it.
    public enum Content: Sendable, Equatable {
        case body(Take)
        /// Both are seen; the kind is never `cut`.
        case transition(from: Take, to: Take, TimelineTransition.Kind)
    }

    public let content: Content
    /// The film's frame to begin with, and how many frames; at least 1.
    public let filmStart: Int, count: Int

    /// What it is made from, in order.
    public var takes: [Take] {
        switch content {
        case .body(let take): [take]
        case .transition(let from, let to, _): [from, to]
        }
    }
}
