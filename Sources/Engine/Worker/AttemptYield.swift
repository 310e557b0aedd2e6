import JobCore

/// What an attempt has made, checked.
struct AttemptYield: Sendable {
    var artifacts: [Artifact] = []
    /// What became of them in object storage; nil where there is none.
    var publication: Publication?
}
