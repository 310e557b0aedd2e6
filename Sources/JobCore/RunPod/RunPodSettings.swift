/// What RunPod jobs need to know of this set-up.
public struct RunPodSettings: Sendable, Equatable {
    /// Nil: no key is set, and nothing can be asked.
    public let key: RunPodKey?
    /// The endpoint of each type of job that has one.
    public let endpoints: [JobType: RunPodEndpoint]
    /// The profile of each type that names one; `raw` for the others.
    public let profiles: [JobType: String]
    /// Absolute path of the folder with the user's own profiles, nil for none.
    public let profileFolder: String?
    /// How long a run may work, and how long RunPod keeps it from the submit on.
    public let executionTimeout: Duration, timeToLive: Duration
    /// US dollars of a second at work, nil for unknown.
    public let price: Double?

    public init(
        key: RunPodKey?, endpoints: [JobType: RunPodEndpoint], profiles: [JobType: String] = [:],
        profileFolder: String? = nil, executionTimeout: Duration = .seconds(3600),
        timeToLive: Duration = .seconds(86_400), price: Double? = nil
    ) {
        (self.key, self.endpoints, self.profiles, self.profileFolder) = (key, endpoints, profiles, profileFolder)
        (self.executionTimeout, self.timeToLive, self.price) = (executionTimeout, timeToLive, price)
    }

    /// Whether jobs of this type go to RunPod where they name no backend.
    public func isChosen(for type: JobType) -> Bool { key != nil && endpoints[type] != nil }

    /// The name of the profile that a job uses.
    public func profileName(_ chosen: String?, for type: JobType) -> String { chosen ?? profiles[type] ?? "raw" }

    /// Why this set-up cannot send jobs of this type to RunPod, nil when it can.
    public func missing(for type: JobType) -> Failure? {
        if key == nil {
            return Failure(
                .configError, "RunPod needs a key: RUNPOD_API_KEY is not set.",
                hint: "Set RUNPOD_API_KEY in the environment or in .env, or leave out the key \"backend\".")
        }
        guard endpoints[type] == nil else { return nil }
        let setting: SettingKey =
            switch type {
            case .speech: .runpodSpeechEndpoint
            case .lipSync: .runpodLipSyncEndpoint
            case .trainTwin: .runpodTrainingEndpoint
            case .render, .imageToVideo, .export, .noop: .runpodVideoEndpoint
            }
        return Failure(
            .configError, "RunPod has no endpoint for \(type.rawValue) jobs: RUNPOD_ENDPOINT is not set.",
            hint: "Set RUNPOD_ENDPOINT, or \(setting.rawValue) for this type alone.")
    }

    /// Whether the key may be sent there: only to where the settings already send it.
    public func isTrusted(_ endpoint: RunPodEndpoint) -> Bool { endpoints.values.contains { $0.host == endpoint.host } }
}

extension Settings {
    /// What RunPod jobs need to know.
    ///
    /// - Throws: `config_error` when an endpoint is none.
    func runpodSettings() throws(Failure) -> RunPodSettings {
        var endpoints: [JobType: RunPodEndpoint] = [:]
        for type in JobType.allCases {
            guard let (key, text) = runpodEndpointSetting(for: type) else { continue }
            endpoints[type] = try RunPodEndpoint(text, setting: key.rawValue)
        }
        return RunPodSettings(
            key: self[.runpodKey].map { RunPodKey($0) }, endpoints: endpoints,
            profiles: try settingText(.runpodProfile).profiles(), profileFolder: self[.profiles],
            executionTimeout: try settingText(.runpodExecutionTimeout).duration(),
            timeToLive: try settingText(.runpodTimeToLive).duration(), price: try settingText(.runpodPrice).price())
    }

    private func settingText(_ key: SettingKey) -> SettingText { SettingText(key: key, text: self[key] ?? "") }

    private func runpodEndpointSetting(for type: JobType) -> (SettingKey, String)? {
        let own: SettingKey? =
            switch type {
            case .render, .imageToVideo: .runpodVideoEndpoint
            case .speech: .runpodSpeechEndpoint
            case .lipSync: .runpodLipSyncEndpoint
            case .trainTwin: .runpodTrainingEndpoint
            case .export, .noop: nil
            }
        guard let own else { return nil }
        for key in [own, .runpodEndpoint] {
            if let text = self[key] { return (key, text) }
        }
        return nil
    }
}
