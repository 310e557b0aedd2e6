import Foundation
import JobCore
import Synchronization
import TestSupport

@testable import Backends

/// One attempt at a fake RunPod, with all it remembered and said, and hardly any time between its questions.
final class RunPodTrial: Sendable {
    let scratch = Place()
    let backend: RunPodBackend
    private let fake: FakeRunPod
    private let remote: RemoteRecord?
    private let onRemember: @Sendable (RemoteRecord) throws -> Void
    private let params: [String: JSONValue]
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

    init(
        _ fake: FakeRunPod, settings: RunPodSettings? = nil, remote: RemoteRecord? = nil,
        params: [String: JSONValue] = ["prompt": "boats", "seed": 7], storage: [String: String] = [:],
        onRemember: @escaping @Sendable (RemoteRecord) throws -> Void = { _ in }
    ) throws {
        (self.fake, self.remote, self.onRemember, self.params) = (fake, remote, onRemember, params)
        let configuration = BackendConfiguration(runpod: try settings ?? fake.settings())
            .withStorage(of: try Settings.resolve(flags: [:], environment: storage, envFile: [:]))
        backend = RunPodBackend(configuration: configuration, haste: 2000)
    }

    var remembered: [RemoteRecord] { state.withLock { $0.remembered } }
    var events: [BackendEvent] { state.withLock { $0.events } }
    var message: String { state.withLock { $0.message } }
    var isCancelled: Bool { state.withLock { $0.isCancelled } }
    /// Everything that people could read of it.
    var said: String { "\(events) \(message) \(remembered.map { JSONWriter.compact($0.json) })" }

    /// Nil when it ended well or was cancelled.
    func run() async -> FailureCode? {
        do {
            let document = JobDocument(["type": "RENDER", "params": .object(params)])
            let job = try JobRequest(document)
            guard let id = JobID("trial") else { return .internalError }
            _ = try await backend.run(
                BackendRequest(
                    jobID: id, attempt: 1, work: job.work, seed: 7, scratch: scratch.path, inputs: scratch.path + "-in",
                    params: params, remote: remote,
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
