import JobCore
import Testing

/// What goes of a deleted job's record, and what has to wait.
@Suite("Removal of records")
struct RecordRemovalTests {
    private static let names = ["beat", "job.json", "run.json", "log.txt", "a1", "in"]

    private static func run(_ current: RemoteRecord.State?, past: [RemoteRecord.State] = []) -> RunRecord {
        func remote(_ state: RemoteRecord.State, attempt: Int) -> RemoteRecord {
            RemoteRecord(
                attempt: attempt, baseURL: "https://api.runpod.ai/v2/ep", id: "a-u\(attempt)", state: state,
                submittedAt: Timestamp(milliseconds: Int64(attempt)), digest: "d")
        }
        var run = ReconcileTests.run()
        run.pastRemotes = past.enumerated().map { remote($1, attempt: $0 + 1) }
        run.remote = current.map { remote($0, attempt: past.count + 1) }
        return run
    }

    @Test func nothingElsewhere_everythingGoes() {
        #expect(RecordRemoval.plan(nil, names: Self.names) == [.removeAll])
        #expect(RecordRemoval.plan(Self.run(nil), names: Self.names) == [.removeAll])
    }

    @Test(arguments: RemoteRecord.State.allCases)
    func aRunThatMayBill_keepsItsName(state: RemoteRecord.State) {
        for run in [Self.run(state), Self.run(nil, past: [.ended, state]), Self.run(.collected, past: [state])] {
            let steps = RecordRemoval.plan(run, names: Self.names)
            guard state == .submitting || state == .running else {
                #expect(steps == [.removeAll], "\(state)")
                continue
            }
            var disowned = run
            disowned.disown()
            let removals = ["a1", "in", "job.json", "log.txt"].map { RecordRemoval.Step.remove(name: $0) }
            #expect(steps == [.disown(disowned)] + removals)
            #expect(disowned.unwantedRemotes(isCanceled: false).map(\.state) == [state])
            #expect(disowned.remotes.allSatisfy { !$0.mayBill || !$0.isAttachable }, "nobody goes on with it")
            // From any step on, and again.
            #expect(RecordRemoval.plan(disowned, names: ["beat", "run.json", "in"]) == [.remove(name: "in")])
            #expect(RecordRemoval.plan(disowned, names: ["beat", "run.json"]) == [])
        }
    }

    @Test func confirmed_everythingGoes() {
        var run = Self.run(.running, past: [.running])
        run.disown()
        for past in run.remotes {
            var over = past
            over.state = .canceled
            run.note(over)
        }
        #expect(RecordRemoval.plan(run, names: Self.names) == [.removeAll])
    }
}
