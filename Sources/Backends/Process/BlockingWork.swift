import Dispatch

/// Runs calls that may block (files, network folders) away from the few threads that Swift's tasks share.
enum BlockingWork {
    /// The body's result, computed on a thread of its own.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Swift.Result { try body() })
            }
        }
    }
}
