/// Runs calls that may block (files, locks, the index) away from the few threads that Swift's tasks share.
public enum BlockingWork {
    /// Most of these calls wait for the disk and not for a core.
    private static let threads = ThreadPool(name: "blocking", limit: 12)

    /// The body's result, computed on a thread of its own.
    public static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            threads.run { continuation.resume(with: Swift.Result { try body() }) }
        }
    }

    /// The result of a body that cannot fail, computed on a thread of its own.
    public static func value<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            threads.run { continuation.resume(returning: body()) }
        }
    }
}
