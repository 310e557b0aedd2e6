public import Backends
import Synchronization

/// Remembers what a backend reported, in order.
public final class EventLog: Sendable {
    private let stored = Mutex<[BackendEvent]>([])

    public init() {}

    /// Takes one event; hand this to `run(_:report:)`.
    public func add(_ event: BackendEvent) { stored.withLock { $0.append(event) } }

    /// Everything so far.
    public var events: [BackendEvent] { stored.withLock { $0 } }

    /// The process groups that were started.
    public var processGroups: [Int32] {
        events.compactMap { if case .startedProcessGroup(let group) = $0 { group } else { nil } }
    }

    /// The warnings.
    public var warnings: [String] {
        events.compactMap { if case .warning(let text) = $0 { text } else { nil } }
    }

    /// The log lines.
    public var lines: [String] {
        events.compactMap { if case .log(let line) = $0 { line } else { nil } }
    }
}
