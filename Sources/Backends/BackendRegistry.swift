public import JobCore

/// Which backend makes which job on this machine.
public struct BackendRegistry: Sendable {
    /// Looks at what backends made.
    public let gate: FilmGate
    private let backends: [Lane: any Backend]

    /// The backends that this version has: noop, preview and the stitcher.
    public init(configuration: BackendConfiguration = BackendConfiguration()) {
        self.init(
            backends: [
                NoopBackend(), PreviewBackend(configuration: configuration),
                StitchBackend(configuration: configuration),
            ],
            gate: FilmGate(configuration: configuration))
    }

    /// Chosen backends, one a lane; of two for one lane the last counts.
    public init(backends: [any Backend], gate: FilmGate = FilmGate()) {
        self.gate = gate
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
        case .render, .imageToVideo, .speech, .lipSync, .trainTwin: lane = request.lane ?? .preview
        }
        if lane == .noop, request.type != .noop {
            throw Failure(.invalidJob, "/backend: noop makes only NOOP jobs.", hint: "Leave out the key \"backend\".")
        }
        if (lane == .ffmpeg) != (request.type == .export) {
            throw Failure(
                .invalidJob, "/backend: \(lane.rawValue) makes no \(request.type.rawValue) jobs.",
                hint: "Leave out the key \"backend\".")
        }
        guard backends[lane] != nil else { throw Self.missing(lane) }
        return lane
    }

    /// The backend of a lane, nil when this set-up has none.
    public func backend(for lane: Lane) -> (any Backend)? { backends[lane] }

    private static func missing(_ lane: Lane) -> Failure {
        let preview = "Leave out the key \"backend\" to make a local preview."
        switch lane {
        case .runpod:
            return Failure(.configError, "The backend runpod is not part of this version yet.", hint: preview)
        case .speech:
            return Failure(.configError, "The backend speech is not part of this version yet.", hint: preview)
        case .noop, .preview, .ffmpeg:
            return Failure(.configError, "The backend \(lane.rawValue) is not set up here.")
        }
    }
}
