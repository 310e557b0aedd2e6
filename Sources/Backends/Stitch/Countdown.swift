import Synchronization

/// Waits until so many pieces of work are done.
final class Countdown: Sendable {
    private let left: Mutex<Int>
    private let stream: AsyncStream<Never>, continuation: AsyncStream<Never>.Continuation

    init(_ count: Int) {
        left = Mutex(count)
        (stream, continuation) = AsyncStream.makeStream()
        if count == 0 { continuation.finish() }
    }

    /// One more is done.
    func done() {
        let isOver = left.withLock { left in
            left -= 1
            return left == 0
        }
        if isOver { continuation.finish() }
    }

    /// Returns when all are done.
    ///
    /// - Throws: `CancellationError` when the task was cancelled before.
    func wait() async throws {
        for await _ in stream {}
        try Task.checkCancellation()
    }
}
