public import JobCore

/// Which backend makes which job on this machine.
public struct BackendRegistry: Sendable {
    /// Looks at what backends made.
    public let gate: FilmGate
    private let backends: [Lane: any Backend]
    private let runpod: RunPodSettings

    /// The backends that this version has: noop, preview, the stitcher, and RunPod where it has a key.
    public init(configuration: BackendConfiguration = BackendConfiguration()) {
        var backends: [any Backend] = [
            NoopBackend(), PreviewBackend(configuration: configuration), StitchBackend(configuration: configuration),
        ]
        if configuration.runpod.key != nil { backends.append(RunPodBackend(configuration: configuration)) }
        self.init(backends: backends, gate: FilmGate(configuration: configuration), runpod: configuration.runpod)
    }

    /// Chosen backends, one a lane; of two for one lane the last counts.
    public init(
        backends: [any Backend], gate: FilmGate = FilmGate(),
        runpod: RunPodSettings = RunPodSettings(key: nil, endpoints: [:])
    ) {
        (self.gate, self.runpod) = (gate, runpod)
        self.backends = Dictionary(backends.map { ($0.lane, $0) }) { _, last in last }
    }

    /// The lane a job queues in: its own wish, else the set-up's choice.
    ///
    /// - Throws: `config_error` that names what is missing; `invalid_job` when the wish cannot be.
    public func lane(for request: JobRequest) throws(Failure) -> Lane {
        let lane: Lane
        switch request.type {
        case .noop: lane = .noop
        case .export: lane = request.lane ?? .ffmpeg
        case .render, .imageToVideo, .speech, .lipSync, .trainTwin:
            lane = request.lane ?? (runpod.isChosen(for: request.type) ? .runpod : .preview)
        }
        if lane == .noop, request.type != .noop {
            throw Failure(.invalidJob, "/backend: noop makes only NOOP jobs.", hint: "Leave out the key \"backend\".")
        }
        if (lane == .ffmpeg) != (request.type == .export) {
            throw Failure(
                .invalidJob, "/backend: \(lane.rawValue) makes no \(request.type.rawValue) jobs.",
                hint: "Leave out the key \"backend\".")
        }
        guard backends[lane] != nil else { throw missing(lane, request.type) }
        if lane == .runpod, let backend = backends[lane] as? RunPodBackend { try backend.check(request) }
        return lane
    }

    /// The backend of a lane, nil when this set-up has none.
    public func backend(for lane: Lane) -> (any Backend)? { backends[lane] }

    /// The backend that speaks with a provider about runs, nil when this set-up has none.
    public func remote(_ provider: String) -> (any RemoteBackend)? {
        backends.values.lazy.compactMap { $0 as? any RemoteBackend }.first { $0.provider == provider }
    }

    /// Why a lane has no backend here.
    public func missing(_ lane: Lane, _ type: JobType) -> Failure {
        let preview = "Leave out the key \"backend\" to make a local preview."
        switch lane {
        case .runpod:
            return runpod.missing(for: type)
                ?? Failure(.configError, "The backend runpod is not set up here.", hint: preview)
        case .speech:
            return Failure(.configError, "The backend speech is not part of this version yet.", hint: preview)
        case .noop, .preview, .ffmpeg:
            return Failure(.configError, "The backend \(lane.rawValue) is not set up here.")
        }
    }
}
