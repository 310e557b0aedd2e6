import Backends
import JobCore

/// A backend whose every word rings a bell, so that a test hears how far it is.
struct RingingBackend: Backend {
    let inner: any Backend
    let journal: Journal

    var lane: Lane { inner.lane }

    func run(
        _ request: BackendRequest, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> [ProducedFile] {
        try await inner.run(request) { event in
            report(event)
            journal.ring()
        }
    }
}
