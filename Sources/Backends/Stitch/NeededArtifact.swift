public import JobCore

/// What another job made, for a job that needs it.
public struct NeededArtifact: Sendable, Equatable {
    public let name: String
    public let kind: Artifact.Kind
    /// Absolute path, and what the file's bytes are.
    public let path: String, sha256: String

    public init(name: String, kind: Artifact.Kind, path: String, sha256: String) {
        (self.name, self.kind, self.path, self.sha256) = (name, kind, path, sha256)
    }
}
