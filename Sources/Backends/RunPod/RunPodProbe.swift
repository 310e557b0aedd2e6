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

    /// How each endpoint stands, and its workers.
    public func findings() async -> [Finding] {
        var findings: [Finding] = []
        for endpoint in endpoints.sorted(by: { $0.baseURL < $1.baseURL }) {
            findings.append(await finding(on: endpoint))
        }
        return findings
    }

    private func finding(on endpoint: RunPodEndpoint) async -> Finding {
        let health: RunPodHealth?
        do {
            health = try await service.health(of: endpoint)
        } catch {
            return Finding(
                .runpod, .problem, "\(endpoint.baseURL): \(error)", fix: "check RUNPOD_API_KEY and the endpoint")
        }
        guard let health else {
            return Finding(
                .runpod, .problem, "\(endpoint.baseURL) does not tell its health",
                fix: "check RUNPOD_API_KEY, the endpoint's id and the network")
        }
        let workers = "\(health.ready + health.idle + health.running) workers, \(health.waiting) runs waiting"
        guard health.unhealthy == 0 else {
            return Finding(
                .runpod, .warning, "\(endpoint.baseURL): \(health.unhealthy) unhealthy workers, \(workers)",
                fix: "look at the endpoint's logs in RunPod's console")
        }
        return Finding(.runpod, .ok, "\(endpoint.baseURL): \(workers)")
    }
}
