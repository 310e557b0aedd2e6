public import JobCore

/// Work on RunPod Serverless endpoints: submitted once, asked for, fetched. What an answer means, `RunPodRun` says.
///
/// When its task is cancelled it leaves the run alone, for the next owner or for `end`.
public struct RunPodBackend: RemoteBackend {
    public let provider = "runpod"

    private let settings: RunPodSettings
    private let configuration: BackendConfiguration
    private let profiles: ProfileLibrary
    private let client: HTTPClient
    private let limits: HTTPLimits, transferLimits: HTTPLimits
    private let pause: @Sendable (Duration) async throws -> Void

    public init(configuration: BackendConfiguration) { self.init(configuration: configuration, haste: 1) }

    /// - Parameters:
    ///   - haste: time between two requests passes so many times as fast.
    ///   - limits: how long an answer may take.
    ///   - transferLimits: how long what may hold a film may take.
    init(
        configuration: BackendConfiguration, client: HTTPClient = HTTPClient(), haste: Int,
        limits: HTTPLimits = HTTPLimits(), transferLimits: HTTPLimits = .transfer
    ) {
        (self.configuration, self.client) = (configuration, client)
        (self.limits, self.transferLimits) = (limits, transferLimits)
        pause = { try await Task.sleep(for: $0 / haste) }
        settings = configuration.runpod
        profiles = ProfileLibrary(folder: settings.profileFolder)
    }

    public var lane: Lane { .runpod }

    /// Whether this set-up can do the job, before it waits for its turn.
    ///
    /// - Throws: `config_error`, `invalid_job`.
    func check(_ request: JobRequest) throws(Failure) {
        if let missing = settings.missing(for: request.type) { throw missing }
        let profile = try profiles.profile(settings.profileName(request.profile, for: request.type))
        guard case .generate(let type, _) = request.work, profile.types.contains(type) else {
            throw Failure(.invalidJob, "/type: the profile \(profile.name) makes no \(request.type.rawValue) jobs.")
        }
    }

    public func run(
        _ request: BackendRequest, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> [ProducedFile] {
        guard case .generate(let type, let parameters) = request.work else {
            throw Failure(.invalidJob, "/backend: runpod makes no such jobs.", hint: "Leave out the key \"backend\".")
        }
        guard let key = settings.key else { throw settings.missing(for: type) ?? Self.noKey }
        var record = request.remote.flatMap { $0.isAttachable ? $0 : nil }
        var order: RunPodOrder?
        if record?.attempt != request.attempt {
            let made = try await self.order(request, type, parameters)
            // Another work than what goes on: the old run is left to whoever ends what nobody wants.
            if record?.digest != made.digest { (record, order) = (nil, made) }
        }
        if let found = record, found.state == .collected, !Self.isComplete(found, in: request.scratch) {
            record?.state = .running
        }
        let isNew = record == nil
        let endpoint = try endpoint(for: record, type)
        var retries = HTTPRetries()
        retries.pause = pause
        let errand = RunPodErrand(
            service: service(key), endpoint: endpoint, order: order, request: request,
            type: type,
            collector: RunPodCollector(
                client: client, retries: retries, limits: transferLimits, storage: configuration.storage,
                storageProblem: configuration.storageProblem),
            pause: pause,
            report: RisingReport(report))
        let known =
            record
            ?? RemoteRecord(
                attempt: request.attempt, provider: provider, baseURL: endpoint.baseURL, submittedAt: .wall,
                digest: order?.digest ?? "", timeToLive: order?.timeToLive ?? .zero)
        let finished = try await errand.run(
            RunPodRun(
                known, executionTimeout: settings.executionTimeout, price: settings.price,
                seed: StableHash.of(request.jobID.text)), isNew: isNew)
        return try await RunPodFinish(configuration, request, report: errand.report.pass).files(of: finished)
    }

    private func service(_ key: RunPodKey) -> RunPodService {
        RunPodService(client: client, key: key, limits: limits, transferLimits: transferLimits)
    }

    private func order(
        _ request: BackendRequest, _ type: JobType, _ parameters: JobParameters
    ) async throws -> RunPodOrder {
        let profile = try profiles.profile(settings.profileName(request.profile, for: type))
        func wish(_ media: [String: ProfileMedia]) -> ProfileWish {
            ProfileWish(
                type: type, parameters: parameters, written: request.params, seed: request.seed, media: media)
        }
        let media = try await RunPodInputs(mediaRoots: configuration.mediaRoots).media(of: request, wish([:]), profile)
        return try RunPodOrder(
            input: try profile.input(for: wish(media)), executionTimeout: settings.executionTimeout,
            timeToLive: settings.timeToLive)
    }

    /// Where a known run was submitted, else where this type goes.
    private func endpoint(for record: RemoteRecord?, _ type: JobType) throws(Failure) -> RunPodEndpoint {
        guard let record else {
            guard let endpoint = settings.endpoints[type] else { throw settings.missing(for: type) ?? Self.noKey }
            return endpoint
        }
        let endpoint = try RunPodEndpoint(record.baseURL, setting: "The base_url in run.json")
        guard settings.isTrusted(endpoint) else {
            throw Failure(
                .configError, "The run was submitted at \(endpoint.host), where no endpoint of the settings is.",
                hint: "Set RUNPOD_ENDPOINT to one of that host again, then kinospool retry ID.")
        }
        return endpoint
    }

    /// A run that is not in the endpoint's list after this is not there.
    private static let listDelay = Duration.seconds(60)

    private static let noKey = Failure(.configError, "RunPod needs a key: RUNPOD_API_KEY is not set.")

    private static func isComplete(_ record: RemoteRecord, in scratch: String) -> Bool {
        !record.files.isEmpty
            && record.files.allSatisfy { file in
                // What is about to get its recipe still lies beside it as it came.
                let names = [file.name, FilmDresser.originalName(file.name)]
                return names.contains { ScratchFile.size(of: "\(scratch)/\($0)") == file.bytes }
            }
    }

    public func end(_ record: RemoteRecord) async -> RemoteRecord {
        var record = record
        guard let key = settings.key, let endpoint = try? RunPodEndpoint(record.baseURL), settings.isTrusted(endpoint)
        else { return record }
        let service = service(key)
        if record.id == nil { await look(for: &record, service, endpoint) }
        guard let id = record.id, let answer = try? await service.cancel(id, at: endpoint) else { return record }
        switch answer {
        case .noAnswer: return record
        case .tooLarge:
            // Only a run that is over has so much to tell, and its status tells it as well.
            guard case .reply(let reply)? = try? await service.status(id, at: endpoint) else { return record }
            conclude(reply, in: &record)
        case .reply(let reply):
            conclude(reply, in: &record)
            // Only the status tells what it has used.
            if !record.mayBill, reply.sighting != .missing,
                case .reply(let last)? = try? await service.status(id, at: endpoint),
                case .report(let report) = last.sighting
            {
                note(report, in: &record)
            }
        }
        return record
    }

    /// Finds the id of a run whose submit was cut off, or that nobody can know it any more.
    private func look(for record: inout RemoteRecord, _ service: RunPodService, _ endpoint: RunPodEndpoint) async {
        guard let found = try? await service.find(record.digest, at: endpoint) else { return }
        let age = Timestamp.wall.milliseconds - record.submittedAt.milliseconds
        switch found {
        case .found(let id): (record.id, record.state) = (id, .running)
        // The list may be a moment behind.
        case .notFound where age > Self.listDelay.milliseconds: record.state = .unknown
        case .noAnswer where record.isForgotten(at: .wall): record.state = .unknown
        case .notFound, .noAnswer: break
        }
    }

    /// What an answer says of the run's end.
    private func conclude(_ reply: RunPodReply, in record: inout RemoteRecord) {
        switch reply.sighting {
        case .missing: record.state = .ended
        case .report(let report) where report.state.isFinal:
            record.state = report.state == .canceled ? .canceled : .ended
            note(report, in: &record)
        case .report, .denied, .later: break
        }
    }

    private func note(_ report: RunPodReport, in record: inout RemoteRecord) {
        record.usage.delay = report.usage.delay ?? record.usage.delay
        guard let execution = report.usage.execution else { return }
        record.usage.execution = execution
        if let price = settings.price { record.usage.cost = Double(execution) / 1000 * price }
    }
}
