import Foundation
import JobCore
import Synchronization
import TestSupport

@testable import Backends

/// One attempt at a fake RunPod, with all it remembered and said, and hardly any time between its questions.
final class RunPodTrial: Sendable {
    let scratch: Place
    let backend: RunPodBackend
    private let fake: FakeRunPod
    private let remote: RemoteRecord?
    private let onRemember: @Sendable (RemoteRecord) throws -> Void
    private let params: [String: JSONValue]
    private let type: JobType
    private let wantsRecipe: Bool
    private let state = Mutex(State())

    private struct State {
        var remembered: [RemoteRecord] = []
        var events: [BackendEvent] = []
        var message = ""
        var isCancelled = false
    }

    /// A folder that goes with it.
    final class Place: Sendable {
        let path = NSTemporaryDirectory() + "kinospool-runpod-\(UUID().uuidString)"

        init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func bytes(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
        }
    }

    /// - Parameter isImpatient: a second of silence is enough.
    init(
        _ fake: FakeRunPod, type: JobType = .render, settings: RunPodSettings? = nil, remote: RemoteRecord? = nil,
        params: [String: JSONValue] = ["prompt": "boats", "seed": 7], storage: [String: String] = [:],
        scratch: Place = Place(), wantsRecipe: Bool = false, isImpatient: Bool = false,
        onRemember: @escaping @Sendable (RemoteRecord) throws -> Void = { _ in }
    ) throws {
        (self.fake, self.remote, self.onRemember, self.params) = (fake, remote, onRemember, params)
        (self.type, self.scratch, self.wantsRecipe) = (type, scratch, wantsRecipe)
        let configuration = BackendConfiguration(runpod: try settings ?? fake.settings())
            .withStorage(of: try Settings.resolve(flags: [:], environment: storage, envFile: [:]))
        var (limits, transferLimits) = (HTTPLimits(), HTTPLimits.transfer)
        if isImpatient { (limits.whole, limits.stall, transferLimits.stall) = (.seconds(1), nil, .seconds(1)) }
        backend = RunPodBackend(
            configuration: configuration, haste: 2000, limits: limits, transferLimits: transferLimits)
    }

    var remembered: [RemoteRecord] { state.withLock { $0.remembered } }
    var events: [BackendEvent] { state.withLock { $0.events } }
    var message: String { state.withLock { $0.message } }
    var isCancelled: Bool { state.withLock { $0.isCancelled } }
    var warnings: [String] { events.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
    /// Everything that people could read of it.
    var said: String { "\(events) \(message) \(remembered.map { JSONWriter.compact($0.json) })" }

    /// Nil when it ended well or was cancelled.
    func run() async -> FailureCode? {
        do {
            let document = JobDocument(["type": .string(type.rawValue), "params": .object(params)])
            let job = try JobRequest(document)
            guard let id = JobID("trial") else { return .internalError }
            _ = try await backend.run(
                BackendRequest(
                    jobID: id, attempt: 1, work: job.work, seed: 7, scratch: scratch.path, inputs: scratch.path + "-in",
                    recipe: wantsRecipe ? Recipe(document, job, lane: .runpod, seed: 7) : nil, params: params,
                    remote: remote,
                    remember: { [self] record in
                        try onRemember(record)
                        state.withLock { $0.remembered.append(record) }
                    })
            ) { [self] event in state.withLock { $0.events.append(event) } }
            return nil
        } catch let failure as Failure {
            state.withLock { $0.message = failure.description }
            return failure.code
        } catch {
            state.withLock { $0.isCancelled = error is CancellationError }
            return error is CancellationError ? nil : .internalError
        }
    }
}
