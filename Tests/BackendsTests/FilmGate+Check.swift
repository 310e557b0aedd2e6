import Backends
import JobCore

extension FilmGate {
    /// All that a file must pass before it is an artifact.
    func check(_ file: ProducedFile, in scratch: String) async throws -> MediaFacts? {
        let facts = try await facts(of: file, in: scratch)
        try await requirePictures(of: file, in: scratch)
        return facts
    }
}
