import JobCore
import Logging
import Spool

/// Carries out the one effect that takes a job out of `running/`, and does not give up before it is on the disk.
struct Ending {
    /// Between two tries to record an ending that the disk did not take.
    static let patience = Duration.seconds(2)

    private let workshop: Workshop
    private let job: ClaimedJob
    private let notes: AttemptNotes

    init(_ workshop: Workshop, _ job: ClaimedJob, _ notes: AttemptNotes) {
        (self.workshop, self.job, self.notes) = (workshop, job, notes)
    }

    func perform(_ effect: JobEffect, because event: JobEvent) async -> Worker.Outcome {
        switch effect {
        case .end(.done): return await record(.done(notes.yield?.artifacts ?? []))
        case .end(.failed(let failure)): return await record(.failed(failure))
        case .end(.canceled):
            await afterCancel()
            return .ended(.canceled)
        case .requeue(let delay, let accounting):
            return await requeue(after: delay, accounting, because: event)
        case .leaveRunning:
            job.lock.release()
            log(.info, "job left running elsewhere", ["remote.id": "\(notes.remote.current?.id ?? "unknown")"])
            return .detached
        case .startBackend, .attachBackend, .reportProgress, .stopBackend, .removeScratch, .discardLateResult:
            return .gone
        }
    }

    private func record(_ outcome: JobEnding.Outcome) async -> Worker.Outcome {
        var outcome = outcome
        while true {
            switch await workshop.endings.commit(ending(outcome)) {
            case .recorded?:
                return recorded(outcome)
            case .lost?, nil:
                log(.info, "late result discarded", [:])
                await afterCancel()
                return .gone
            case .failed(let error)?:
                log(.error, "the ending could not be recorded; trying again", ["error": "\(error)"])
                // A film that does not fit is not done; one that does waits until there is room for its record.
                let scratch = SpoolLayout.scratch(job.id, attempt: job.attempt)
                if error.isFull, error.path.hasPrefix(scratch) { outcome = .failed(error.failure) }
                let isStopping = workshop.stopping.hasBegun
                guard !isStopping, (try? await Task.sleep(for: Self.patience)) != nil else {
                    // The process stops: the next start finds the job without an owner and recovers it.
                    job.lock.release()
                    return .gone
                }
            }
        }
    }

    private func ending(_ outcome: JobEnding.Outcome) -> JobEnding {
        JobEnding(
            job, outcome, warnings: notes.warnings.texts, remotes: notes.remote.all,
            publication: notes.yield?.publication)
    }

    private func recorded(_ outcome: JobEnding.Outcome) -> Worker.Outcome {
        workshop.publisher.touch([job.id])
        switch outcome {
        case .done:
            log(.info, "job done", ["artifacts": "\(notes.yield?.artifacts.count ?? 0)"])
            return .ended(.done)
        case .failed(let failure):
            log(.warning, "job failed", ["error": "\(failure)"])
            return .ended(.failed)
        }
    }

    /// The token is in `canceled/` already, or gone: what is left is to say so in it and to remove what was made.
    private func afterCancel() async {
        let (folder, job) = (workshop.folder, job)
        await attempt("the cancel could not be finished") {
            // First what needs no room: on a full disk the other may fail, and nobody else removes what was made.
            try folder.discard(job)
            try folder.scrubCanceled(job.id)
        }
        job.lock.release()
        // Canceled or deleted: what runs elsewhere is nobody's. A release is taken up again.
        if !notes.remote.unwanted(isCanceled: true).isEmpty { workshop.canceler.look(at: job.id) }
        // A delete that came in between found the lock held, and left the rest to us.
        await attempt("the delete could not be finished") { try folder.finishDelete(ofReleased: job.id) }
        workshop.publisher.touch([job.id])
        log(.info, "job left running", [:])
    }

    private func requeue(
        after delay: Duration, _ accounting: JobEffect.Accounting, because event: JobEvent
    ) async -> Worker.Outcome {
        var failure: Failure?
        if case .failed(_, let reason) = event { failure = reason }
        let (folder, job, reason) = (workshop.folder, job, failure)
        if let reason { await note("attempt \(job.attempt) failed, next in \(delay.milliseconds / 1000) s: \(reason)") }
        await attempt("the job could not be put back") {
            _ = try folder.requeue(job, after: delay, accounting, reason)
        }
        job.lock.release()
        workshop.publisher.touch([job.id])
        log(
            .info, "job back in the queue",
            ["delay_ms": "\(delay.milliseconds)", "error": "\(reason?.description ?? "none")"])
        return .requeued
    }

    /// Tries a few times; after that the lock is released, and the monitor recovers what is left.
    private func attempt(_ complaint: Logger.Message, _ body: @escaping @Sendable () throws -> Void) async {
        for _ in 0..<3 {
            do {
                return try await BlockingWork.run(body)
            } catch {
                log(.error, complaint, ["error": "\(error)"])
                guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
            }
        }
    }

    /// A line for people in the job's log; losing one loses nothing.
    private func note(_ line: String) async {
        let (folder, id) = (workshop.folder, job.id)
        try? await BlockingWork.run { try folder.log(line, id) }
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ facts: Logger.Metadata) {
        let own: Logger.Metadata = ["job.id": "\(job.id)", "attempt": "\(job.attempt)"]
        workshop.logger.log(level: level, message, metadata: facts.merging(own) { first, _ in first })
    }
}

extension JobEnding {
    /// What the job's log says about it.
    var sentence: String {
        switch outcome {
        case .done(let artifacts): "attempt \(job.attempt) done, \(artifacts.count) artifact(s)"
        case .failed(let failure): "attempt \(job.attempt) failed: \(failure)"
        }
    }
}
