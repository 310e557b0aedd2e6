import Backends
public import JobCore

/// The door through which commands ask a film how it was made; it needs no spool.
public struct RecipeReader: Sendable {
    private let probe: RecipeProbe

    public init() { probe = RecipeProbe() }

    /// The recipe inside a film or sound.
    ///
    /// - Parameter path: absolute.
    /// - Throws: `RecipeProblem`; `config_error` when ffprobe is not installed; `CancellationError`.
    public func recipe(of path: String) async throws -> Recipe { try await probe.recipe(of: path) }
}
