public import JobCore

/// Asks whether RunPod answers, with the endpoints and the key of the settings.
public struct RunPodProbe: Sendable {
    private let service: RunPodService
    private let endpoints: [RunPodEndpoint]

    /// Nil where RunPod is not set up.
    public init?(_ settings: RunPodSettings) {
        guard let key = settings.key, !settings.endpoints.isEmpty else { return nil }
        service = RunPodService(client: HTTPClient.shared, key: key)
        var urls: Set<String> = []
        endpoints = settings.endpoints.values.filter { urls.insert($0.health).inserted }
    }

    /// Whether every endpoint tells its health.
    public func isConnected() async -> Bool {
        for endpoint in endpoints {
            guard (try? await service.health(of: endpoint)) != nil else { return false }
        }
        return true
    }
}
