import Backends
import JobCore

/// As `RingingBackend`, for one whose work runs at a provider.
struct RingingRemoteBackend: RemoteBackend {
    let inner: any RemoteBackend
    let journal: Journal

    var lane: Lane { inner.lane }
    var provider: String { inner.provider }

    func run(
        _ request: BackendRequest, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> [ProducedFile] {
        try await inner.run(request) { event in
            report(event)
            journal.ring()
        }
    }

    func end(_ record: RemoteRecord) async -> RemoteRecord { await inner.end(record) }
}
