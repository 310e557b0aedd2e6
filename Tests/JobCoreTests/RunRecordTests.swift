import JobCore
import Testing

@Suite("Run record")
struct RunRecordTests {
    private var full: RunRecord {
        var run = RunRecord(
            rev: 7, attempt: 3, failures: 2, crashes: 1, nonce: "abc",
            startedAt: Timestamp(milliseconds: 1_795_442_400_123),
            owner: RunRecord.Owner(host: "desk", bootID: "b-1", pid: 4_711, startTicks: 99, daemonStart: 5))
        run.processGroups = [4_712, 4_713]
        (run.lastCrashStart, run.lastCrashAttempt) = (4, 2)
        return run
    }

    @Test func bytes_readAgain_areTheSameRecord() {
        #expect(RunRecord(reading: full.bytes) == full)
    }

    private func remote(_ state: RemoteRecord.State, attempt: Int = 3) -> RemoteRecord {
        RemoteRecord(
            attempt: attempt, baseURL: "https://api.runpod.ai/v2/ep", id: "a-u\(attempt)", state: state,
            submittedAt: Timestamp(milliseconds: 1_795_442_400_000 + Int64(attempt)), digest: "d")
    }

    @Test func bytes_withRunsElsewhere_readAgain_areTheSameRecord() {
        var run = full
        run.remote = remote(.running)
        run.pastRemotes = [remote(.ended, attempt: 1), remote(.canceled, attempt: 2)]
        #expect(RunRecord(reading: run.bytes) == run)
        run.disown()
        #expect(run.isDisowned && RunRecord(reading: run.bytes) == run)
    }

    @Test(arguments: RemoteRecord.State.allCases)
    func inherit_goesOnWithWhatIsWanted_andCancelsTheRest(state: RemoteRecord.State) {
        var last = full
        last.remote = remote(state)
        for isWanted in [true, false] {
            var next = full
            next.inherit(from: last, isWanted: isWanted)
            let goesOn = isWanted && [.submitting, .running, .collected].contains(state)
            #expect(next.remote == (goesOn ? last.remote : nil))
            #expect(next.pastRemotes.count == (goesOn ? 0 : 1))
            let isUnwanted = !goesOn && [.submitting, .running].contains(state)
            #expect(next.unwantedRemotes(isCanceled: false).count == (isUnwanted ? 1 : 0), "\(state)")
        }
    }

    @Test func note_replacesTheSameRun_andPutsAnotherAside() {
        var run = full
        run.note(remote(.submitting))
        run.note(remote(.running))
        #expect(run.remotes == [remote(.running)])
        run.note(remote(.submitting, attempt: 4))
        #expect(run.remote == remote(.submitting, attempt: 4))
        #expect(run.pastRemotes.map(\.isUnwanted) == [true])
        var over = remote(.canceled)
        over.isUnwanted = true
        run.note(over)
        #expect(run.unwantedRemotes(isCanceled: false).isEmpty)
        #expect(run.unwantedRemotes(isCanceled: true) == [remote(.submitting, attempt: 4)])
    }

    @Test func everyProperPrefix_isTorn() {
        let bytes = full.bytes
        for count in 0..<(bytes.count - 2) {
            #expect(RunRecord(reading: Array(bytes.prefix(count))) == nil, "\(count)")
        }
    }

    @Test(arguments: ["[]", "{}", #"{"attempt": 1}"#, #"{"attempt": "1", "started_at": "2026-11-23T14:03:55Z"}"#])
    func foreignText_isNoRecord(text: String) {
        #expect(RunRecord(reading: Array(text.utf8)) == nil)
    }

    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "-1", "1099511627777", "1e300", "0.5"])
    func numbersThatNoCountReaches_countAsNothing(number: String) throws {
        let time = #""started_at": "2026-11-23T14:03:55Z""#
        #expect(RunRecord(reading: Array(#"{"attempt": \#(number), \#(time)}"#.utf8)) == nil)
        let keys = ["rev", "failures", "crashes", "daemon_start", "last_crash_start", "last_crash_attempt", "pid"]
        let members = keys.map { #""\#($0)": \#(number)"# }.joined(separator: ", ")
        var run = try #require(RunRecord(reading: Array(#"{"attempt": 1, \#(time), \#(members)}"#.utf8)))
        #expect(run.rev == 0 && run.failures == 0 && run.crashesInARow == 0 && run.owner.daemonStart == 0)
        run.noteCrash()
        #expect(run.crashes == 1)
    }

    @Test func aCountAtTheLimit_isReadAndMayStillGrow() throws {
        let text = #"{"attempt": 1099511627776, "started_at": "2026-11-23T14:03:55Z", "crashes": 1099511627776}"#
        let run = try #require(RunRecord(reading: Array(text.utf8)))
        #expect(run.attempt + 1 == 1_099_511_627_777 && run.crashes == 1_099_511_627_776)
    }

    @Test func deathsInARow_areBrokenByAStartThatDidNotDieWithTheJob() {
        var run = full
        #expect(run.crashesInARow == 1)
        run.owner.daemonStart = 6
        #expect(run.crashesInARow == 0)
    }

    @Test func noteCrash_twiceForOneAttempt_countsOnce() {
        var run = full
        run.noteCrash()
        #expect(run.crashes == 2 && run.crashesInARow == 1)
        run.noteCrash()
        #expect(run.crashes == 2)
        run.attempt += 1
        #expect(run.crashesInARow == 2)
    }
}
