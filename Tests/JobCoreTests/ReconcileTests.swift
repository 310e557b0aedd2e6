import JobCore
import Testing

/// The rows of the design's crash table, as evidence and steps.
@Suite("Reconcile")
struct ReconcileTests {
    private static let owner = RunRecord.Owner(host: "h", bootID: "b", pid: 1, startTicks: 1)

    static func run(_ attempt: Int = 1, rev: Int = 2, crashes: Int = 0) -> RunRecord {
        var run = RunRecord(
            rev: rev, attempt: attempt, failures: 0, crashes: crashes, nonce: "n",
            startedAt: Timestamp(milliseconds: 0),
            owner: owner)
        // The deaths before were in this very start of the daemon, of the attempt before.
        if crashes > 0 { (run.lastCrashStart, run.lastCrashAttempt) = (0, attempt - 1) }
        return run
    }

    /// An attempt that has something running elsewhere.
    static func remote(_ state: RemoteRecord.State) -> RunRecord {
        var run = run()
        run.remote = RemoteRecord(
            attempt: 1, baseURL: "https://api.runpod.ai/v2/ep", id: "a-u1", state: state,
            submittedAt: Timestamp(milliseconds: 0), digest: "d")
        return run
    }

    /// The same after the job was deleted.
    private static func disowned(_ state: RemoteRecord.State) -> RunRecord {
        var run = remote(state)
        run.disown()
        return run
    }

    private func plan(_ evidence: JobEvidence) throws -> [RepairStep] {
        Reconcile.plan(evidence, policy: try Policy())
    }

    private static func token(_ state: JobState, rev: Int = 2, attempt: Int = 1, outcome: JobState? = nil)
        -> JobEvidence.Token
    {
        JobEvidence.Token(state: state, rev: rev, attempt: attempt, outcome: outcome)
    }

    private static let day = JobPlace(.done, on: Day("2026-11-22"))

    /// A done job in a day folder.
    private static func resting(
        rev: Int = 3, attempt: Int = 1, outcome: JobState? = .done, isReadable: Bool = true
    ) -> JobEvidence.Token {
        JobEvidence.Token(
            state: .done, day: day.day, rev: isReadable ? rev : 0, attempt: attempt, outcome: outcome,
            isReadable: isReadable)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let evidence: JobEvidence
        let steps: [RepairStep]

        init(_ name: String, _ evidence: JobEvidence, _ steps: [RepairStep]) {
            (self.name, self.evidence, self.steps) = (name, evidence, steps)
        }

        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row("a queued job is whole", JobEvidence(tokens: [token(.queued, rev: 1, attempt: 0)]), []),
        Row("an owned job is left alone", JobEvidence(tokens: [token(.running)], run: run(), isOwned: true), []),
        Row("a record without a complete file", JobEvidence(tokens: [], hasBirth: false), []),
        Row("a submit without its link", JobEvidence(tokens: []), [.restoreToken(.queued, from: .birth)]),
        Row(
            "claimed, nothing recorded", JobEvidence(tokens: [token(.running, rev: 1, attempt: 0)]),
            [.requeue(.nothing)]),
        Row(
            "claimed, recorded, token not rewritten",
            JobEvidence(tokens: [token(.running, rev: 1, attempt: 0)], run: run(), scratches: [1]), [.requeue(.nothing)]
        ),
        Row(
            "put back, or claimed again without a record",
            JobEvidence(tokens: [token(.running, rev: 3)], run: run(), scratches: [1, 2]), [.requeue(.nothing)]),
        Row(
            "at work", JobEvidence(tokens: [token(.running)], run: run(), scratches: [1]),
            [.stopProcesses(run()), .requeue(.crash), .removeScratch(attempt: 1)]),
        Row(
            "at work elsewhere: an owner, nothing else",
            JobEvidence(tokens: [token(.running)], run: remote(.running), scratches: [1]), [.attach(attempt: 1)]),
        Row(
            "about to be submitted elsewhere: an owner that looks",
            JobEvidence(tokens: [token(.running)], run: remote(.submitting), scratches: [1]), [.attach(attempt: 1)]),
        Row(
            "fetched from elsewhere: an owner that keeps it",
            JobEvidence(tokens: [token(.running)], run: remote(.collected), scratches: [1]), [.attach(attempt: 1)]),
        Row(
            "over elsewhere: a death as any other",
            JobEvidence(tokens: [token(.running)], run: remote(.ended), scratches: [1]),
            [.stopProcesses(remote(.ended)), .requeue(.crash), .removeScratch(attempt: 1)]),
        Row(
            "at work elsewhere, canceled", JobEvidence(tokens: [token(.running)], run: remote(.running), cancelRev: 3),
            [.cancel(from: .running), .scrubCanceled]),
        Row(
            "the outcome is written",
            JobEvidence(
                tokens: [token(.running)], run: run(), final: .init(rev: 3, attempt: 1, outcome: .done),
                scratches: [1]),
            [.stopProcesses(run()), .finish(.done)]),
        Row(
            "the outcome is written, the run record torn",
            JobEvidence(tokens: [token(.running)], final: .init(rev: 3, attempt: 1, outcome: .done), scratches: [1]),
            [.finish(.done)]),
        Row(
            "the outcome is exchanged",
            JobEvidence(
                tokens: [token(.running, rev: 3, outcome: .failed)], run: run(),
                final: .init(rev: 3, attempt: 1, outcome: .failed), scratches: [1]),
            [.stopProcesses(run()), .finish(.failed), .removeScratch(attempt: 1)]),
        Row(
            "an outcome of an older attempt does not count",
            JobEvidence(
                tokens: [token(.running, rev: 9, attempt: 2)], run: run(2, rev: 9),
                final: .init(rev: 3, attempt: 1, outcome: .done)),
            [.stopProcesses(run(2, rev: 9)), .requeue(.crash)]),
        Row(
            "a wish, queued", JobEvidence(tokens: [token(.queued)], cancelRev: 3),
            [.cancel(from: .queued), .scrubCanceled]),
        Row(
            "a wish, running", JobEvidence(tokens: [token(.running)], run: run(), cancelRev: 3, scratches: [1]),
            [.cancel(from: .running), .scrubCanceled, .stopProcesses(run()), .removeScratch(attempt: 1)]),
        Row(
            "a wish of an earlier life", JobEvidence(tokens: [token(.queued, rev: 3)], cancelRev: 3),
            [.dropCancelWish]),
        Row(
            "a wish that came too late", JobEvidence(tokens: [token(.done, outcome: .done)], cancelRev: 9),
            [.dropCancelWish]),
        Row(
            "canceled, not scrubbed",
            JobEvidence(tokens: [.init(state: .canceled, rev: 2, isScrubbed: false)], run: run(), scratches: [1]),
            [.scrubCanceled, .stopProcesses(run()), .removeScratch(attempt: 1)]),
        Row(
            "canceled, and run again until done while it was copied",
            JobEvidence(
                tokens: [token(.canceled, rev: 2, outcome: .canceled)], run: run(rev: 7),
                final: .init(rev: 8, attempt: 1, outcome: .done), scratches: [1]),
            [.restoreToken(.done, from: .final), .setAsideToken(.canceled)]),
        Row(
            "canceled, and running again while it was copied",
            JobEvidence(
                tokens: [token(.canceled, rev: 2, outcome: .canceled)], run: run(rev: 7),
                final: .init(rev: 1, attempt: 1, outcome: .failed)),
            [.restoreToken(.queued, from: .birth), .setAsideToken(.canceled)]),
        Row(
            "canceled, run again, and canceled again while it was copied",
            JobEvidence(
                tokens: [token(.canceled, rev: 2, outcome: .canceled)], run: run(rev: 7), cancelRev: 8, scratches: [1]),
            [.scrubCanceled, .dropCancelWish, .stopProcesses(run(rev: 7)), .removeScratch(attempt: 1)]),
        Row(
            "canceled just before it would have been done",
            JobEvidence(
                tokens: [token(.canceled, rev: 8, outcome: .canceled)], run: run(rev: 7),
                final: .init(rev: 8, attempt: 1, outcome: .done)),
            [.dropOutcome]),
        Row(
            "canceled, the wish left", JobEvidence(tokens: [token(.canceled, outcome: .canceled)], cancelRev: 2),
            [.dropCancelWish]),
        Row(
            "a retry that died before its rename",
            JobEvidence(tokens: [token(.done, rev: 4, attempt: 0)], final: .init(rev: 3, attempt: 1, outcome: .done)),
            [.restoreToken(.done, from: .final)]),
        Row(
            "two tokens: the newer one counts",
            JobEvidence(tokens: [token(.done, rev: 3, outcome: .done), token(.running, rev: 2)]),
            [.setAsideToken(.running)]),
        Row(
            "two tokens: the one that reads counts",
            JobEvidence(tokens: [token(.queued, rev: 0, attempt: 0), .init(state: .running, isReadable: false)]),
            [.setAsideToken(.running)]),
        Row(
            "a torn claim",
            JobEvidence(tokens: [.init(state: .running, isReadable: false)], run: run()),
            [.restoreToken(.running, from: .birth), .requeue(.nothing)]),
        Row(
            "a torn claim with an outcome",
            JobEvidence(
                tokens: [.init(state: .running, isReadable: false)], run: run(),
                final: .init(rev: 3, attempt: 1, outcome: .done)),
            [.restoreToken(.running, from: .birth), .stopProcesses(run()), .finish(.done)]),
        Row(
            "a torn done job with its outcome",
            JobEvidence(
                tokens: [.init(state: .done, isReadable: false)], final: .init(rev: 3, attempt: 1, outcome: .done)),
            [.restoreToken(.done, from: .final)]),
        Row(
            "a torn done job without its outcome", JobEvidence(tokens: [.init(state: .done, isReadable: false)]),
            [.restoreToken(.queued, from: .birth), .setAsideToken(.done)]),
        Row(
            "torn, and nothing to restore it from",
            JobEvidence(tokens: [.init(state: .failed, isReadable: false)], hasBirth: false), []),
        Row(
            "a torn copy, ended",
            JobEvidence(tokens: [], run: run(), final: .init(rev: 3, attempt: 1, outcome: .failed)),
            [.restoreToken(.failed, from: .final)]),
        Row(
            "a torn copy, canceled", JobEvidence(tokens: [], run: run(), cancelRev: 1_002, scratches: [1]),
            [
                .restoreToken(.canceled, from: .birth), .scrubCanceled, .stopProcesses(run()),
                .removeScratch(attempt: 1),
            ]),
        Row(
            "in a day folder", JobEvidence(tokens: [resting()], final: .init(rev: 3, attempt: 1, outcome: .done)), []),
        Row(
            "copied on the way to its day folder: seen twice",
            JobEvidence(
                tokens: [token(.done, rev: 3, outcome: .done), resting()],
                final: .init(rev: 3, attempt: 1, outcome: .done)),
            [.setAsideToken(.done)]),
        Row(
            "copied on the way to its day folder: missed",
            JobEvidence(tokens: [], run: run(), final: .init(rev: 3, attempt: 1, outcome: .done)),
            [.restoreToken(.done, from: .final)]),
        Row(
            "canceled, and missed on the way to its day folder",
            JobEvidence(tokens: [], final: .init(rev: 2, attempt: 0, outcome: .canceled)),
            [.restoreToken(.canceled, from: .final)]),
        Row(
            "taken out of a day folder, and copied twice",
            JobEvidence(
                tokens: [resting(), token(.queued, rev: 4, attempt: 0)],
                final: .init(rev: 3, attempt: 1, outcome: .done)),
            [.setAsideToken(day)]),
        Row(
            "an edit beside a day folder counts",
            JobEvidence(tokens: [token(.done, rev: 4, outcome: .done), resting()]), [.setAsideToken(day)]),
        Row(
            "torn in a day folder",
            JobEvidence(
                tokens: [resting(isReadable: false)], final: .init(rev: 3, attempt: 1, outcome: .done)),
            [.restoreToken(day, from: .final)]),
        Row(
            "a retry out of a day folder that died before its rename",
            JobEvidence(
                tokens: [resting(rev: 4, attempt: 0, outcome: nil)],
                final: .init(rev: 3, attempt: 1, outcome: .done)),
            [.restoreToken(day, from: .final)]),
        Row(
            "canceled once, and moved to running by hand",
            JobEvidence(
                tokens: [token(.running, rev: 3, attempt: 0, outcome: .canceled)],
                final: .init(rev: 3, attempt: 0, outcome: .canceled)),
            [.requeue(.nothing)]),
        Row(
            "a torn canceled job with its outcome",
            JobEvidence(
                tokens: [.init(state: .canceled, isReadable: false)],
                final: .init(rev: 3, attempt: 0, outcome: .canceled)),
            [.restoreToken(.canceled, from: .final)]),
        Row(
            "a torn copy of a deleted job whose run goes on", JobEvidence(tokens: [], run: disowned(.running)),
            [.delete]),
        Row(
            "the same, when nothing but the run's record was left",
            JobEvidence(tokens: [], hasBirth: false, run: disowned(.submitting)), [.delete]),
        Row(
            "a torn copy that read the token before the delete",
            JobEvidence(tokens: [token(.canceled, outcome: .canceled)], run: disowned(.running)), []),
        Row("a torn copy, running", JobEvidence(tokens: [], run: run()), [.restoreToken(.queued, from: .birth)]),
    ]

    @Test(arguments: rows)
    func plan_ofARow_isTheTablesAnswer(row: Row) throws {
        #expect(try plan(row.evidence) == row.steps)
    }

    @Test func plan_ofTheLastDeathInARow_failsTheJob() throws {
        let evidence = JobEvidence(tokens: [Self.token(.running)], run: Self.run(crashes: 2), scratches: [1])
        let steps = try plan(evidence)
        #expect(steps.count == 3)
        guard case .fail(let failure) = steps[1] else {
            Issue.record("\(steps)")
            return
        }
        #expect(failure.code == .workerTimeout)
        #expect(steps[2] == .removeScratch(attempt: 1))
    }
}
