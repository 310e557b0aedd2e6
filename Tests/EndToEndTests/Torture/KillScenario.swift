import JobCore
import Testing

/// A program that is killed, what lies in the spool before, and what must come of it.
struct KillScenario: Sendable {
    let name: String
    /// The command that is killed.
    let arguments: [String]
    let mold: SpoolMold
    /// Whether a daemon works beside it.
    var isCrew = false
    /// Commands before the recovery by `serve --once`, for example to open the queue again.
    var relief: [[String]] = []
    /// Whether the same command is given again after it was killed, as people do.
    var isRepeated = true
    /// Whether the command must answer 0 when it is given again.
    var mustSucceedAgain = true

    /// For each job the endings that it may come to; `ENDING` as `Desk.ending` names it.
    let endings: [String: Set<String>]
    /// Beginnings of ids that are made up: for each how many jobs there may be.
    var madeUp: [String: ClosedRange<Int>] = [:]
    /// The jobs that had been accepted before.
    let accepted: Set<String>
    /// How often the jobs that are run again had run before.
    var attempts: [String: Int] = [:]
    /// Jobs that may come to `failed/worker_timeout` when the daemon died twice more.
    var fragile: Set<String> = []
    /// What must be true as soon as the command has answered 0.
    var verifyAnswer: @Sendable (_ desk: Desk) -> [String] = { _ in [] }
    /// What else must be true at the end; one sentence for each that is not.
    var verify: @Sendable (_ desk: Desk, _ acknowledged: Set<String>) -> [String] = { _, _ in [] }

    /// The settings of every process on these spools: all syncs, and nothing that waits.
    static let environment = ["KINOSPOOL_MIN_FREE": "0", "JOB_MONITOR_INTERVAL": "200ms"]

    /// Starts a command with the campaign's settings.
    ///
    /// - Parameter clock: the wall clock it lives by.
    func start(
        _ arguments: [String], _ desk: Desk, launcher: [String] = [], clock: WallClock? = nil
    ) throws -> Program.Run {
        let environment = Self.environment.merging(clock?.environment ?? [:]) { _, new in new }
        return try desk.start(arguments, environment: environment, launcher: launcher)
    }

    /// Starts the daemon beside the program, where there shall be one; it leaves some of the work.
    func startBeside(_ desk: Desk) throws -> Program.Run? {
        guard isCrew else { return nil }
        let modest = Self.environment.merging(["KINOSPOOL_CONCURRENCY": "noop=1"]) { _, new in new }
        return try desk.start(["serve", "--once"], environment: modest)
    }

    /// Every call of the program, by a run that nobody disturbs. - Returns: how many there are of each.
    func countCalls() async throws -> [String: Int] {
        let desk = try await mold.cast()
        defer { desk.remove() }
        let trace = "\(desk.folder)/trace"
        try await Impatience.during(desk) {
            let beside = try startBeside(desk)
            let run = try start(arguments, desk, launcher: SystemCallFault.counting(into: trace))
            let answer = try await run.answer(within: KillTrial.patience)
            try #require(answer != nil, "\(name) hangs while it is counted")
            _ = try await beside?.answer(within: KillTrial.patience)
        }
        return SystemCallFault.counts(in: desk.read(trace) ?? "")
    }

    /// What the lines of an answer promise: `id word`, or ids alone where jobs were submitted.
    func acknowledged(in output: String) -> Set<String> {
        if arguments.first == "submit" {
            // Ids alone; a line that the kill cut short promises nothing.
            return Set(output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init))
        }
        let whole = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return Set(whole.map(String.init).filter { $0.contains(" ") })
    }

    /// Promises that are not kept: `a canceled`, `b deleted`, `c queued`, or an accepted id alone.
    func brokenPromises(_ desk: Desk, _ acknowledged: Set<String>) -> [String] {
        acknowledged.compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let id = words.first, JobID(id) != nil else { return nil }
            let ending = desk.ending(id)
            switch words.dropFirst().first {
            case nil: return ending == "gone" ? "\(id) was accepted and is gone" : nil
            case "canceled"?: return ending == "canceled" ? nil : "\(id) was canceled and is \(ending)"
            case "deleted"?: return ending == "gone" ? nil : "\(id) was deleted and is \(ending)"
            case "queued"?:
                let hasRun = ((try? desk.job(id).attempt) ?? 0) > attempts[id] ?? 0
                return hasRun ? nil : "\(id) was to run again and is \(ending)"
            default: return nil
            }
        }
    }
}
