import JobCore
import Spool

/// Waits for jobs in front of a person: shows progress, and listens to Ctrl-C.
struct Awaiting: Sendable {
    let session: Session
    let folder: SpoolFolder
    /// The work ends with this process; the job then waits in the queue.
    var isWorkingHere = false

    /// How the waiting ended.
    enum Outcome: Sendable {
        case ended([JobWatch.Sight])
        case timedOut([JobWatch.Sight])
        /// The user pressed Ctrl-C.
        case interrupted
    }

    /// How long a second Ctrl-C means "cancel".
    static let secondChance = Duration.seconds(2)
    /// Two signals within this time are one.
    static let echo = Duration.milliseconds(100)

    /// - Parameter timeout: give up after this time; nil waits for ever.
    func run(_ ids: [JobID], timeout: Duration? = nil) async throws -> Outcome {
        let interrupts = Interrupts.stream()
        let outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask {
                var report = WaitReport(
                    console: session.console, policy: session.settings.policy, storage: session.storage)
                let sights = try await JobWatch(folder: folder).follow(ids, timeout: timeout) {
                    report.update($0, now: Timestamp.now())
                }
                return sights.allSatisfy(\.isOver) ? .ended(sights) : .timedOut(sights)
            }
            group.addTask {
                for await _ in interrupts { return .interrupted }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .interrupted
        }
        if case .interrupted = outcome { try await offerCancel(ids, interrupts) }
        return outcome
    }

    private func offerCancel(_ ids: [JobID], _ interrupts: AsyncStream<Void>) async throws {
        let names = ids.prefix(4).map(JobLabel.text).joined(separator: " ") + (ids.count > 4 ? " …" : "")
        session.console.note(
            isWorkingHere
                ? "\nStopped; the job waits in the queue. Go on: kinospool serve"
                : "\nStopped waiting; the job goes on. Come back: kinospool wait \(names)")
        let isSecond = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                let first = ContinuousClock.now
                // Wrappers such as timeout(1) send one Ctrl-C twice.
                for await _ in interrupts where ContinuousClock.now - first > Self.echo { return true }
                return false
            }
            group.addTask {
                try? await Task.sleep(for: Self.echo)
                session.console.note("Ctrl-C once more within 2 s cancels it.")
                try? await Task.sleep(for: Self.secondChance)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        guard isSecond else { return }
        try await BlockingWork.run {
            for id in ids where try folder.cancel(id) == .canceled { session.console.note("\(id) canceled") }
        }
    }

    /// What the ends of several jobs mean for the exit code.
    static func exit(for sights: [JobWatch.Sight]) -> Exit {
        var tally = Tally()
        for sight in sights {
            switch sight.view?.state {
            case .done? where !sight.isGone: tally.succeeded()
            case .failed? where !sight.isGone: tally.failed(.jobFailed)
            case .canceled? where !sight.isGone: tally.failed(.jobCanceled)
            default: tally.failed(.noSuchJob)
            }
        }
        let isMixed = Set(tally.exits).count > 1
        return isMixed ? .partly : tally.exit
    }
}
