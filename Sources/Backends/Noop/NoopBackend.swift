public import JobCore

/// Does nothing, for as long as asked: for trying and measuring a set-up.
public struct NoopBackend: Backend {
    public let lane = Lane.noop

    /// The artifact's name when `output_bytes` is more than 0.
    public static let outputName = "output.bin"
    /// Written at once, so that a cancel waits for no more than this.
    private static let chunk = 4 << 20

    public init() {}

    public func isWriting(_ work: JobRequest.Work) -> Bool {
        if case .noop(let parameters) = work { parameters.outputBytes > 0 } else { true }
    }

    /// Waits, fails with the asked code, or writes the asked number of bytes.
    ///
    /// - Throws: the asked failure; `disk_full`; `CancellationError`.
    public func run(
        _ request: BackendRequest, report: @escaping @Sendable (BackendEvent) -> Void
    ) async throws -> [ProducedFile] {
        guard case .noop(let parameters) = request.work else {
            throw Failure(
                .configError, "The backend noop makes only NOOP jobs.", hint: "Leave out the key \"backend\".")
        }
        let progress = RisingReport(report)
        try await wait(parameters.seconds, progress)
        if let code = parameters.fail { throw Failure(code, "NOOP failed with \(code.rawValue), as it was asked to.") }
        guard parameters.outputBytes > 0 else { return [] }
        try await write(
            parameters.outputBytes, to: "\(request.scratch)/\(Self.outputName)", seed: request.seed, progress)
        return [ProducedFile(name: Self.outputName, kind: .data)]
    }

    private func wait(_ seconds: Double, _ progress: RisingReport) async throws {
        guard seconds > 0 else { return }
        let clock = ContinuousClock()
        let start = clock.now
        // At most ten reports a second, at most one a percent.
        let steps = min(max(Int(seconds * 10), 1), 90)
        for step in 1...steps {
            progress.progress(step * 90 / steps - 90 / steps, "waiting")
            try await clock.sleep(until: start + .seconds(seconds * Double(step) / Double(steps)))
        }
    }

    private func write(_ count: Int, to path: String, seed: Int, _ progress: RisingReport) async throws {
        var random = SplitMix(seed: UInt64(truncatingIfNeeded: seed))
        let block = (0..<65_536).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var written = 0
        while written < count {
            try Task.checkCancellation()
            let part = min(Self.chunk, count - written)
            try await BlockingWork.run { try ScratchFile.append(block, count: part, to: path) }
            written += part
            progress.progress(90 + written * 9 / count, "writing")
        }
    }
}
