import Synchronization

/// Lets only rising percentages through, from however many programs a job needs in turn.
///
/// The lock is never held across the call to `report`, which may take its own.
final class RisingReport: Sendable {
    private let report: @Sendable (BackendEvent) -> Void
    private let highest = Mutex(-1)

    init(_ report: @escaping @Sendable (BackendEvent) -> Void) { self.report = report }

    /// Tells the percentage (clamped to 0…100) when it is higher than all before.
    func progress(_ percent: Int, _ message: String) {
        let percent = min(max(percent, 0), 100)
        let isHigher = highest.withLock { highest in
            guard percent > highest else { return false }
            highest = percent
            return true
        }
        if isHigher { report(.progress(percent: percent, message: message)) }
    }

    /// Passes on everything but percentages, which go through the gate.
    func pass(_ event: BackendEvent) {
        switch event {
        case .progress(let percent, let message): progress(percent, message)
        case .startedProcessGroup, .log, .warning, .standing: report(event)
        }
    }
}
