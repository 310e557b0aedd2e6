import Backends
import JobCore

/// A backend whose every word rings a bell, so that a test hears how far it is.
struct RingingBackend<Inner: Backend>: Backend {
    let inner: Inner
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

extension RingingBackend: RemoteBackend where Inner: RemoteBackend {
    var provider: String { inner.provider }

    func end(_ record: RemoteRecord) async -> RemoteRecord { await inner.end(record) }
}
