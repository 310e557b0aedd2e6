/// One run at RunPod from the wish to its result, as a value: what an answer means, and what to do next.
///
/// ```
///   ─ start ─▶ submitting ── accepted ──▶ running ── COMPLETED ──▶ collect
///                 │  ▲ busy, not sent        │
///      unclear,   │  └──────┘                ├── FAILED, TIMED_OUT, gone ──▶ fail
///      restarted  ▼                          └── no answer ──▶ ask again
///               look ── found ──▶ running
///                 └─── not found ──▶ fail submit_unknown
/// ```
///
/// Invariants:
/// 1. `submit` is answered only to a run that was never sent, or that RunPod certainly did not take.
/// 2. `submit` comes after a `save` of the intent, the first `poll` after a `save` of the id.
/// 3. A run that RunPod holds is left only by its final state, its expiry, or the owner's end.
public struct RunPodRun: Sendable, Equatable {
    /// What to do now.
    public enum Step: Sendable, Equatable {
        /// Make it durable before anything else.
        case save(RemoteRecord)
        /// Send the request, after a wait.
        case submit(after: Duration)
        /// Look for the run among all that the endpoint was asked.
        case look(after: Duration)
        case poll(after: Duration)
        /// Tell people.
        case report(percent: Int?, message: String?)
        case log(String)
        /// Bring the result home.
        case collect(RunPodReport)
        /// The result is at home already.
        case keep([RemoteRecord.File])
        case fail(Failure)
    }

    /// What came of trying to send.
    public enum Sending: Sendable, Equatable {
        /// Not one byte of the request can have arrived.
        case notSent(String)
        /// It may have arrived.
        case broken(String)
        case reply(RunPodReply)
    }

    /// What came of looking among the endpoint's requests.
    public enum Finding: Sendable, Equatable {
        case found(id: String)
        case notFound
        case noAnswer(String)
    }

    /// What came of asking.
    public enum Answer: Sendable, Equatable {
        case reply(RunPodReply)
        /// It has more than is ever read.
        case tooLarge(String)
        case noAnswer(String)
    }

    public private(set) var record: RemoteRecord
    private var pace: RunPodPace
    private var submitFailures = 0, lookFailures = 0, missings = 0, denials = 0, losses = 0, excesses = 0
    private var lastState: RunPodState?, lastProgress: RunPodProgress?, runningSince: Timestamp?
    private let executionTimeout: Duration, price: Double?

    /// Tries to hand it over before the attempt fails; with back-off they take about four minutes.
    public static let submitTries = 12
    /// Tries to look for a lost run.
    public static let lookTries = 6
    /// RunPod keeps results this long after the end (`/run`).
    public static let retention = Duration.seconds(1800)
    /// A run that works longer than agreed, by this much, has lost its result.
    public static let grace = Duration.seconds(600)
    /// One 404 or 401 may be the mistake of some edge.
    public static let doubts = 3

    /// - Parameters:
    ///   - price: US dollars of a second at work, nil for unknown.
    public init(_ record: RemoteRecord, executionTimeout: Duration, price: Double?, seed: UInt64) {
        (self.record, self.executionTimeout, self.price) = (record, executionTimeout, price)
        pace = RunPodPace(seed: seed)
    }

    /// - Parameter isNew: nobody has seen this record before; else it lay on the disk.
    public mutating func start(isNew: Bool) -> [Step] {
        if isNew { return [.save(record), .submit(after: .zero)] }
        switch record.state {
        case .collected: return [.keep(record.files)]
        case .running where record.id != nil:
            return [.log("taken up again: run \(record.id ?? "")"), .poll(after: .zero)]
        case .submitting, .running: return [.log("the submit was cut off: looking for the run"), .look(after: .zero)]
        case .ended, .canceled, .unknown: return [.fail(Self.gone("The run is over."))]
        }
    }

    /// The answer to `submit`.
    public mutating func handle(_ sending: Sending) -> [Step] {
        switch sending {
        case .notSent(let why): return tryAgain(nil, why)
        case .broken(let why):
            return [.log("the answer to the submit is missing (\(why)): looking for the run"), .look(after: .zero)]
        case .reply(let reply):
            switch reply.submission {
            case .accepted(let id, let report): return accepted(id) + (report.state.isFinal ? follow(report) : [poll()])
            case .refused(let failure): return end(.ended, failure)
            case .busy(let wait): return tryAgain(wait, "HTTP 429: \(reply.words)")
            case .unclear(let why): return [.log("\(why) Looking for the run."), .look(after: .zero)]
            }
        }
    }

    /// The answer to `look`.
    public mutating func handle(_ finding: Finding) -> [Step] {
        switch finding {
        case .found(let id): return [.log("the run was found")] + accepted(id) + [.poll(after: .zero)]
        case .notFound, .noAnswer:
            lookFailures += 1
            // The list may be a moment behind.
            if lookFailures < Self.lookTries { return [.look(after: pace.afterFailure(retryAfter: nil))] }
            return end(.unknown, Self.unknown)
        }
    }

    /// The answer to `poll`. - Parameter now: by the wall clock, which RunPod's times are counted by, too.
    public mutating func handle(_ answer: Answer, at now: Timestamp) -> [Step] {
        let sighting: RunPodReply.Sighting =
            switch answer {
            case .tooLarge(let why), .noAnswer(let why): .later(nil, why)
            case .reply(let reply): reply.sighting
            }
        if case .tooLarge(let why) = answer {
            excesses += 1
            // The record stays attachable: what RunPod holds is not given up.
            if excesses >= Self.doubts { return [.fail(Self.tooLarge(why))] }
        }
        switch sighting {
        case .report(let report):
            (missings, denials, excesses) = (0, 0, 0)
            return follow(report, at: now)
        case .missing:
            missings += 1
            guard missings >= Self.doubts else { return [.poll(after: pace.afterFailure(retryAfter: nil))] }
            return end(.ended, Self.gone("RunPod knows the run no more (HTTP 404)."))
        case .denied(let failure):
            denials += 1
            // The record stays attachable: the run goes on, and a retry with the right key brings its result.
            return denials >= Self.doubts ? [.fail(failure)] : [.poll(after: pace.afterFailure(retryAfter: nil))]
        case .later(let wait, let why):
            if record.isForgotten(at: now) {
                return end(.ended, Self.gone("RunPod could not be asked before it forgot the run (\(why))."))
            }
            return [.poll(after: pace.afterFailure(retryAfter: wait))]
        }
    }

    /// Takes note of what was brought home.
    public mutating func collected(_ files: [RemoteRecord.File], cost: Double?) -> [Step] {
        if let cost { record.usage.cost = cost }
        (record.state, record.files) = (.collected, files)
        return [.save(record)]
    }

    /// The result could not be brought home. - Parameter isLost: and never will be.
    public mutating func notCollected(_ failure: Failure, isLost: Bool) -> [Step] {
        isLost ? end(.ended, failure) : [.fail(failure)]
    }

    private mutating func accepted(_ id: String) -> [Step] {
        (record.id, record.state) = (id, .running)
        return [.save(record), .log("run \(id) at endpoint \(record.endpoint)")]
    }

    private mutating func poll() -> Step { .poll(after: RunPodPace.shortest) }

    private mutating func tryAgain(_ wait: Duration?, _ why: String) -> [Step] {
        submitFailures += 1
        guard submitFailures < Self.submitTries else {
            return end(.ended, Failure(.runpodSubmitError, "RunPod could not be reached, nothing was sent: \(why)"))
        }
        return [
            .report(percent: nil, message: "Waiting for RunPod: \(RunPodReply.line(why))"),
            .submit(after: pace.afterFailure(retryAfter: wait)),
        ]
    }

    private mutating func end(_ state: RemoteRecord.State, _ failure: Failure) -> [Step] {
        record.state = state
        return [.save(record), .fail(failure)]
    }

    private mutating func note(_ usage: RemoteUsage) {
        record.usage.delay = usage.delay ?? record.usage.delay
        guard let execution = usage.execution else { return }
        record.usage.execution = execution
        if let price { record.usage.cost = Double(execution) / 1000 * price }
    }

    private mutating func follow(_ report: RunPodReport, at now: Timestamp? = nil) -> [Step] {
        note(report.usage)
        switch report.state {
        case .completed: return [.save(record), .collect(report)]
        case .failed:
            let complaint = RunPodComplaint(report.error ?? report.output)
            return complaint.details.map { .log($0) } + end(.ended, complaint.failure)
        case .timedOut:
            let said = report.error.map { ": \(RunPodComplaint($0).message)" } ?? "."
            return end(
                .ended,
                Failure(
                    .runpodExecutionError, "RunPod gave the run up as timed out\(said)",
                    hint: "Raise RUNPOD_EXECUTION_TIMEOUT, or give the endpoint more workers; then kinospool retry ID.",
                    isRetryable: false))
        case .canceled:
            return end(
                .canceled,
                Failure(.runpodExecutionError, "The run was canceled at RunPod, not here.", isRetryable: false))
        case .queued, .running, .unknown: return goOn(report, at: now)
        }
    }

    private mutating func goOn(_ report: RunPodReport, at now: Timestamp?) -> [Step] {
        var steps: [Step] = []
        if case .unknown(let word) = report.state, lastState != report.state {
            steps.append(.log("RunPod names a state that this version does not know: \(word)"))
        }
        losses = report.hasLostItsResult ? losses + 1 : 0
        if losses >= Self.doubts { return steps + end(.ended, Self.lost("a late report took its place")) }
        if report.state == .running {
            if runningSince == nil { runningSince = now }
            if let now, let runningSince,
                now.milliseconds - runningSince.milliseconds > (executionTimeout + Self.grace).milliseconds
            {
                return steps + end(.ended, Self.lost("it works longer than it may"))
            }
        }
        let progress = report.state == .queued ? RunPodProgress(nil) : RunPodProgress(report.output)
        let isNew = report.state != lastState || progress != lastProgress
        (lastState, lastProgress) = (report.state, progress)
        if isNew {
            let words =
                progress.message ?? (report.state == .queued ? "Waiting in RunPod's queue." : "RunPod works on it.")
            steps.append(.report(percent: progress.percent, message: words))
        }
        return steps + [.poll(after: pace.afterAnswer(isNew: isNew))]
    }

    private static let unknown = Failure(
        .submitUnknown,
        "The connection broke while the job was handed to RunPod, and the run was not found there: it may run.")

    private static func tooLarge(_ why: String) -> Failure {
        Failure(
            .runpodExecutionError, "What RunPod answers about the run cannot be read: \(why)",
            hint: "Let the worker put its film into a bucket; kinospool retry ID asks again without a second run.",
            isRetryable: false)
    }

    private static func lost(_ why: String) -> Failure {
        Failure(.runpodExecutionError, "RunPod has lost the run's result: \(why).", isRetryable: false)
    }

    static func gone(_ why: String) -> Failure {
        Failure(
            .runpodResultExpired,
            "\(why) Results are kept for 30 minutes, and runs no longer than agreed (RUNPOD_TTL).")
    }
}

extension RemoteRecord {
    /// Whether RunPod certainly keeps neither the run nor its result any more.
    public func isForgotten(at now: Timestamp) -> Bool {
        guard timeToLive > .zero else { return false }
        return now.milliseconds > submittedAt.milliseconds + (timeToLive + RunPodRun.retention).milliseconds
    }
}
