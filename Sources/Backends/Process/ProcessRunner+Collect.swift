import Synchronization

extension ProcessRunner {
    /// Runs a command and gives its standard output as text, at most 1 MiB of it, or its one longer line.
    func collect(
        _ command: ProcessCommand, maximumLineBytes: Int = LineSplitter.maximumLineBytes,
        report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> (outcome: ProcessOutcome, text: String) {
        let text = Mutex("")
        let outcome = try await run(command, maximumLineBytes: maximumLineBytes, report: report) { line in
            text.withLock { if $0.utf8.count < 1 << 20 { $0 += line + "\n" } }
        }
        return (outcome, text.withLock { $0 })
    }
}
