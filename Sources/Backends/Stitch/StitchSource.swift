import JobCore

/// A source of a film, ready to be used.
struct StitchSource: Sendable, Equatable {
    let input: StitchInput
    let facts: SourceFacts
    /// SHA-256 of the file.
    let content: String
    /// Its packets of sound, where the file's index is of the everyday kind.
    var sound: MovieIndex.Sound?

    /// The input with its content in place of its path, for the names of what is kept.
    var asContent: StitchInput { StitchInput(path: content, demuxer: input.demuxer, isKnown: input.isKnown) }
}
