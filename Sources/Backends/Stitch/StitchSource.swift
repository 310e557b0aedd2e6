import JobCore

/// A source of a film, ready to be used.
struct StitchSource: Sendable, Equatable {
    let input: StitchInput
    let facts: SourceFacts
    /// SHA-256 of the file.
    let content: String
}
