/// All settings, checked, each with where it came from: flag, else environment, else `.env`, else default.
///
/// The first place that names a key decides. An empty text there means the default, so that
/// `RUNPOD_API_KEY= kinospool serve` switches off what the `.env` switches on.
public struct Settings: Sendable, Equatable {
    /// Where a value came from, the strongest first.
    public enum Source: String, CaseIterable, Sendable {
        case flag, environment
        case envFile = "env_file"
        case `default`
    }

    /// One line of `kinospool config`.
    public struct Row: Sendable, Equatable {
        public let key: SettingKey
        /// The value, `••••` for a secret, nil for none.
        public let shown: String?
        public let source: Source
    }

    /// Times and limits by which jobs live.
    public let policy: Policy
    /// The number of jobs that may run at the same time, for every lane.
    public let slots: [Lane: Int]
    /// Below this many free bytes no new job starts.
    public let minimumFree: Int64
    /// Most bytes of parts of films that are kept for later exports.
    public let cacheLimit: Int64
    /// Ended jobs older than this go by themselves, in days; nil: none does.
    public let retentionDays: Int?
    public let durability: Durability
    /// Absolute folders, without a slash at the end, whose files jobs may name by path.
    public let mediaRoots: [String]
    /// What RunPod jobs need to know.
    public private(set) var runpod: RunPodSettings
    /// Whom webhooks are sent to, and how they are signed.
    public private(set) var webhooks = WebhookSettings()
    /// 1…65535, or 0 for any free port.
    public let port: Int

    private let values: [SettingKey: String]
    private let sources: [SettingKey: Source]

    /// - Throws: `config_error` that names the key, the value (masked for secrets) and what is allowed.
    public static func resolve(
        flags: [SettingKey: String], environment: [String: String], envFile: [String: String]
    ) throws(Failure) -> Settings {
        var values: [SettingKey: String] = [:]
        var sources: [SettingKey: Source] = [:]
        for key in SettingKey.allCases {
            let places: [(Source, String?)] = [
                (.flag, flags[key]), (.environment, environment[key.rawValue]), (.envFile, envFile[key.rawValue]),
            ]
            let place = places.first { $0.1 != nil }
            let text = SettingText.trimmed(place?.1 ?? "")
            values[key] = text.isEmpty ? key.defaultText : text
            sources[key] = text.isEmpty ? .default : place?.0
        }
        return try Settings(values: values, sources: sources)
    }

    private init(values: [SettingKey: String], sources: [SettingKey: Source]) throws(Failure) {
        func text(_ key: SettingKey) -> SettingText { SettingText(key: key, text: values[key] ?? "") }
        var checked = values
        for key in SettingKey.allCases where values[key] != nil { checked[key] = try Self.checked(text(key)) }
        (self.values, self.sources) = (checked, sources)
        policy = try Policy(
            heartbeatInterval: try text(.heartbeatInterval).duration(),
            monitorInterval: try text(.monitorInterval).duration(),
            heartbeatTimeout: try text(.heartbeatTimeout).duration(),
            coldStartThreshold: try text(.coldStartThreshold).duration())
        slots = try text(.concurrency).slots()
        minimumFree = try text(.minimumFree).byteCount()
        cacheLimit = try text(.cacheLimit).byteCount()
        retentionDays = try text(.retentionDays).days()
        guard let durability = Durability(rawValue: text(.durability).text.lowercased()) else {
            throw text(.durability).failure("\(SettingKey.durability.unit).")
        }
        self.durability = durability
        mediaRoots = try text(.mediaRoots).folders()
        port = try text(.port).port()
        runpod = RunPodSettings(key: nil, endpoints: [:])
        runpod = try runpodSettings()
        webhooks = try webhookSettings()
    }

    /// The text as it is used, after the checks that suit its kind.
    private static func checked(_ value: SettingText) throws(Failure) -> String {
        switch value.key {
        case .spool, .tokenFile, .mediaRoots, .profiles, .runpodProfile: return try value.plain()
        case .runpodEndpoint, .runpodVideoEndpoint, .runpodSpeechEndpoint, .runpodLipSyncEndpoint,
            .runpodTrainingEndpoint, .storageEndpoint, .storagePublicBase, .publicURL:
            return try value.url()
        case .corsOrigins: return try value.origins()
        case .webhookURLs, .webhookAllow, .webhookSecret, .host, .allowedHosts, .runpodKey, .r2Bucket, .s3Bucket,
            .storageKeyID, .storageSecret, .storageRegion:
            return try value.word()
        case .port, .heartbeatInterval, .monitorInterval, .heartbeatTimeout, .coldStartThreshold, .concurrency,
            .minimumFree, .durability, .cacheLimit, .runpodExecutionTimeout, .runpodTimeToLive, .runpodPrice,
            .retentionDays:
            return value.text
        }
    }

    /// The text of one setting, nil for none.
    public subscript(key: SettingKey) -> String? { values[key] }

    /// Where the text of one setting came from.
    public func source(of key: SettingKey) -> Source { sources[key] ?? .default }
}

extension Settings {
    /// The spool folder, as written.
    public var spool: String { self[.spool] ?? "./spool" }

    /// The address where the daemon listens.
    public var host: String { self[.host] ?? "127.0.0.1" }

    /// Further names, or `name:port`, by which clients may call the daemon.
    public var allowedHosts: [String] { (self[.allowedHosts] ?? "").split(separator: ",").map(String.init) }

    /// Origins of pages that may use the API: `http://localhost:5173`, lower-case.
    public var corsOrigins: [String] { (self[.corsOrigins] ?? "").split(separator: ",").map(String.init) }

    /// The bucket for published artifacts, nil for none.
    public var storageBucket: String? { self[.r2Bucket] ?? self[.s3Bucket] }

    /// The RunPod endpoint for a type of job: its own, else the common one, nil for none.
    public func runpodEndpoint(for type: JobType) -> String? {
        switch type {
        case .render, .imageToVideo: self[.runpodVideoEndpoint] ?? self[.runpodEndpoint]
        case .speech: self[.runpodSpeechEndpoint] ?? self[.runpodEndpoint]
        case .lipSync: self[.runpodLipSyncEndpoint] ?? self[.runpodEndpoint]
        case .trainTwin: self[.runpodTrainingEndpoint] ?? self[.runpodEndpoint]
        case .export, .noop: nil
        }
    }

    /// All settings in the order of the table, for `kinospool config`.
    public var rows: [Row] {
        SettingKey.allCases.map { key in
            let shown = self[key].map { key.isSecret ? Redaction.mask : Redaction.redacted($0) }
            return Row(key: key, shown: shown, source: source(of: key))
        }
    }

    /// One sentence for each key of a `.env` that is no setting, by name and without its value.
    ///
    /// For the `.env` alone: the environment holds many keys that are none of our business.
    public static func unknownKeys(in envFile: [String: String]) -> [String] {
        let names = SettingKey.allCases.map(\.rawValue)
        return envFile.keys.filter { SettingKey(rawValue: $0) == nil }.sorted().map { key in
            let guess = NearestName.of(key, among: names)
            return "\(key) is not a setting\(guess.map { "; did you mean \($0)?" } ?? ".")"
        }
    }
}
