import JobCore

/// Carries out the steps of one run, in order, until its files are at home or it has failed.
struct RunPodErrand: Sendable {
    let service: RunPodService
    let endpoint: RunPodEndpoint
    /// What to submit; nil where a run is gone on with.
    let order: RunPodOrder?
    let request: BackendRequest
    let type: JobType
    let collector: RunPodCollector
    let pause: @Sendable (Duration) async throws -> Void
    let report: RisingReport

    /// Tries to bring a result home before the attempt fails; its run stays attachable.
    static let collectTries = 4

    /// - Returns: the record of the run, whose files lie in the scratch folder.
    /// - Throws: `Failure`, `CancellationError`.
    func run(_ start: RunPodRun, isNew: Bool) async throws -> RemoteRecord {
        var run = start
        var steps = run.start(isNew: isNew)
        var lastHealth: ContinuousClock.Instant?
        var waits = false
        var files: [String: JSONSpill.File] = [:]
        if !isNew { await forgetLeftovers() }
        while true {
            var next: [RunPodRun.Step]?
            for step in steps {
                switch step {
                case .save(let record): try await request.remember(record)
                case .log(let line): report.pass(.log(line))
                case .report(let percent, let message):
                    if let message { report.pass(.standing(nil, message)) }
                    if let percent { report.progress(min(percent, 99), message ?? "") }
                case .submit(let delay):
                    try await pause(delay)
                    next = try await submit(&run)
                case .look(let delay):
                    try await pause(delay)
                    next = run.handle(try await service.find(run.record.digest, at: endpoint))
                case .poll(let delay):
                    // Behind the report of the answer before: what is said last is what people see.
                    if waits { try await lookAtHealth(&lastHealth) }
                    try await pause(delay)
                    let (answer, spilled) = try await service.status(
                        run.record.id ?? "", at: endpoint, spillingTo: request.scratch)
                    next = run.handle(answer, at: .wall)
                    files = spilled
                    if !(next ?? []).contains(where: \.isCollect) { await forget(files) }
                    waits = answer.saysQueued
                case .collect(let result):
                    do {
                        try await collect(result, files, &run)
                        await forget(files)
                        return run.record
                    } catch {
                        await forget(files)
                        throw error
                    }
                case .keep: return run.record
                case .fail(let failure): throw failure
                }
            }
            guard let next else { throw Failure(.internalError, "The run at RunPod has no next step.") }
            steps = next
        }
    }

    /// What an owner that was killed had half received.
    private func forgetLeftovers() async {
        let scratch = request.scratch
        try? await BlockingWork.run {
            for number in 1...64 { ScratchFile.removeBestEffort("\(scratch)/spill-\(number)") }
        }
    }

    /// Long texts that came with an answer, and are no result or are kept under their own names by now.
    private func forget(_ files: [String: JSONSpill.File]) async {
        guard !files.isEmpty else { return }
        let paths = files.values.map(\.path)
        try? await BlockingWork.run { for path in paths { ScratchFile.removeBestEffort(path) } }
    }

    private func submit(_ run: inout RunPodRun) async throws -> [RunPodRun.Step] {
        // Told to stop before anything left: then nothing does.
        guard !Task.isCancelled, let order else { throw CancellationError() }
        let steps = run.handle(await service.submit(order, to: endpoint))
        guard Task.isCancelled else { return steps }
        // What is known now must be on the disk before this owner goes.
        for case .save(let record) in steps { try await request.remember(record) }
        throw CancellationError()
    }

    /// Why a run waits, for people: asked while it does, every ten seconds.
    private func lookAtHealth(_ last: inout ContinuousClock.Instant?) async throws {
        let now = ContinuousClock.now
        if let last, now - last < RunPodPace.healthInterval { return }
        last = now
        guard let hint = try await service.health(of: endpoint)?.hint else { return }
        report.pass(.standing(hint, hint.sentence))
    }

    private func collect(
        _ result: RunPodReport, _ files: [String: JSONSpill.File], _ run: inout RunPodRun
    ) async throws {
        report.pass(.standing(nil, "Fetching the result."))
        var tries = 0
        while true {
            tries += 1
            do {
                let output = try RunPodOutput(result.output, spilled: Set(files.keys))
                let outcome = try await collector.collect(
                    output, spilled: files, for: type, into: request.scratch
                ) { report.pass($0) }
                for warning in outcome.warnings { report.pass(.warning(warning)) }
                for case .save(let record) in run.collected(outcome.files, cost: output.cost) {
                    try await request.remember(record)
                }
                return
            } catch let failure as HTTPFailure {
                if failure.reason == .cancelled { throw CancellationError() }
                if let status = failure.status, [403, 404, 410].contains(status) {
                    try await fail(run.notCollected(Self.expired(failure), isLost: true))
                }
                guard tries < Self.collectTries, failure.isRetryable else {
                    try await fail(run.notCollected(Self.unreachable(failure), isLost: false))
                }
                try await pause(.seconds(tries * 5))
            } catch let unreachable as RunPodCollector.Unreachable {
                // The run stays attachable: with other settings a retry fetches what was paid for.
                try await fail(run.notCollected(unreachable.failure, isLost: false))
            } catch let failure as Failure where failure.code != .diskFull && failure.code != .internalError {
                try await fail(run.notCollected(failure, isLost: true))
            }
        }
    }

    private func fail(_ steps: [RunPodRun.Step]) async throws -> Never {
        for case .save(let record) in steps { try await request.remember(record) }
        for case .fail(let failure) in steps { throw failure }
        throw CancellationError()
    }

    private static func expired(_ failure: HTTPFailure) -> Failure {
        Failure(.runpodResultExpired, "The address of the result opens no more: \(failure.message)")
    }

    private static func unreachable(_ failure: HTTPFailure) -> Failure {
        if failure.reason == .diskFull { return Failure(.diskFull, failure.message) }
        return Failure(
            .runpodExecutionError, "The result is ready and could not be fetched: \(failure.message)",
            hint: "Nothing is lost yet: kinospool retry ID fetches it again without a second run.", isRetryable: true)
    }
}

extension RunPodRun.Step {
    var isCollect: Bool { if case .collect = self { true } else { false } }
}

extension RunPodRun.Answer {
    /// Whether RunPod says that the run waits in its queue.
    var saysQueued: Bool {
        guard case .reply(let reply) = self, case .report(let report) = reply.sighting else { return false }
        return report.state == .queued
    }
}
