public import JobCore

/// What makes films: one conforming type per way of making them.
///
/// Invariants (checked for every backend by the same suite, `BackendConformance`):
/// 1. It writes only into `request.scratch`, and into `request.cache` where it is given one.
/// 2. Reported percentages only rise.
/// 3. When its task is cancelled it stops within 5 s, with every process it started.
/// 4. It fails with a `Failure`, never silently: a return means that the files it names exist.
public protocol Backend: Sendable {
    /// Where its jobs queue.
    var lane: Lane { get }

    /// Whether a run for this writes files. Where it does not, `request.scratch` is not made.
    func isWriting(_ work: JobRequest.Work) -> Bool

    /// Makes what is asked.
    ///
    /// - Parameter report: called from any thread, cheap, never blocks.
    /// - Throws: `Failure`; `CancellationError` when the task was cancelled.
    func run(_ request: BackendRequest, report: @escaping @Sendable (BackendEvent) -> Void) async throws
        -> [ProducedFile]
}

extension Backend {
    /// What makes films writes them.
    public func isWriting(_ work: JobRequest.Work) -> Bool { true }
}
