public import Backends
public import JobCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A small honest backend whose every step the test writes down.
///
/// It writes real files into the scratch folder, stops at once when its task is cancelled, and remembers its requests.
public final class ScriptedBackend: Backend {
    /// One thing that the backend does.
    public enum Step: Sendable {
        case progress(Int, String = "working")
        case log(String)
        case warning(String)
        case processGroup(Int32)
        /// Tells the test where the run is.
        case fire(Signal)
        /// Goes on when the test fires; a cancelled task ends here.
        case wait(Signal)
        /// Ends by cancellation only.
        case hang
        case produce(ProducedFile, [UInt8])
        /// The same, told at once.
        case finish(ProducedFile, [UInt8])
        case fail(Failure)
    }

    public let lane: Lane
    private let script: @Sendable (BackendRequest) -> [Step]
    private let seen = Mutex<[BackendRequest]>([])

    /// - Parameter script: the steps of one run; `request.attempt` counts from 1.
    public init(lane: Lane = .preview, script: @escaping @Sendable (BackendRequest) -> [Step]) {
        (self.lane, self.script) = (lane, script)
    }

    /// The same steps in every run.
    public convenience init(lane: Lane = .preview, _ steps: Step...) {
        self.init(lane: lane) { _ in steps }
    }

    /// Every request so far, in the order of the runs.
    public var requests: [BackendRequest] { seen.withLock { $0 } }

    public func run(
        _ request: BackendRequest, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> [ProducedFile] {
        seen.withLock { $0.append(request) }
        var produced: [ProducedFile] = []
        for step in script(request) {
            try Task.checkCancellation()
            switch step {
            case .progress(let percent, let message): report(.progress(percent: percent, message: message))
            case .log(let line): report(.log(line))
            case .warning(let text): report(.warning(text))
            case .processGroup(let group): report(.startedProcessGroup(group))
            case .fire(let signal): signal.fire()
            case .wait(let signal): try await signal.wait()
            case .hang: try await Signal().wait()
            case .produce(let file, let bytes), .finish(let file, let bytes):
                try Data(bytes).write(to: URL(filePath: "\(request.scratch)/\(file.name)"))
                produced.append(file)
                if case .finish = step { request.finished(file) }
            case .fail(let failure): throw failure
            }
        }
        return produced
    }
}

extension ScriptedBackend {
    /// Something that happens once; whoever waits goes on, at once when it has happened already.
    public final class Signal: Sendable {
        private struct State {
            var isFired = false
            var lastTicket = 0
            var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        }

        private let state = Mutex(State())

        public init() {}

        /// True once it was fired.
        public var isFired: Bool { state.withLock { $0.isFired } }

        /// Lets all who wait go on, now and later.
        public func fire() {
            let waiting = state.withLock { state in
                state.isFired = true
                defer { state.waiting = [:] }
                return state.waiting
            }
            for continuation in waiting.values { continuation.resume() }
        }

        /// Returns when it is fired.
        ///
        /// - Throws: `CancellationError`.
        public func wait() async throws {
            let ticket = state.withLock { state in
                state.lastTicket += 1
                return state.lastTicket
            }
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                    // The cancellation handler runs after the flag is set: what it misses is seen here.
                    let answer: Result<Void, any Error>? = state.withLock { state in
                        if Task.isCancelled { return .failure(CancellationError()) }
                        if state.isFired { return .success(()) }
                        state.waiting[ticket] = continuation
                        return nil
                    }
                    if let answer { continuation.resume(with: answer) }
                }
            } onCancel: {
                state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(throwing: CancellationError())
            }
        }
    }
}
