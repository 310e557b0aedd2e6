import JobCore
import Logging
import Spool
import TestSupport
import Testing

@testable import Engine

/// The monitor's rounds, with the time as an argument.
@Suite(.timeLimit(.minutes(3))) struct MonitorTests {
    private let spool: TemporarySpool
    private let journal = Journal()
    private let policy: Policy
    private let monitor: Monitor

    init() throws {
        spool = try TemporarySpool()
        policy = try Policy(
            heartbeatInterval: .seconds(1), monitorInterval: .seconds(30), heartbeatTimeout: .seconds(10))
        monitor = Monitor(folder: spool.folder, policy: policy, logger: journal.logger)
    }

    /// A job that runs in the hands of the test.
    private func running(_ id: JobID) throws -> ClaimedJob {
        let document = try JobDocument(reading: Array(#"{"type":"NOOP"}"#.utf8))
        _ = try spool.folder.submit([Submission(document: document, naming: .exactly(id))])[0].get()
        let claim = try spool.folder.claim(id, owner: ProcessIdentity.mine(daemonStart: 1))
        guard case .claimed(let job) = claim else { throw CancellationError() }
        return job
    }

    @Test func round_lockHeldAndNoBeatForTheTimeout_failsTheJobAndTheLateResultIsLost() async throws {
        let job = try running("job")
        _ = await monitor.round(at: .seconds(100))
        _ = await monitor.round(at: .seconds(110))
        #expect(try spool.folder.state(of: "job") == .running, "the timeout is not exceeded yet")
        _ = await monitor.round(at: .seconds(110) + .milliseconds(1))
        #expect(try spool.folder.state(of: "job") == .failed)
        #expect(try spool.folder.document("job", in: .failed)?.error?.code == .workerTimeout)

        #expect(spool.folder.finish([JobEnding(job, .done([]))]) == [.lost])
        #expect(try spool.folder.state(of: "job") == .failed)
        #expect(try spool.folder.document("job", in: .failed)?.error?.code == .workerTimeout)
    }

    @Test func round_aBeatInTime_keepsTheJobForAnotherTimeout() async throws {
        let job = try running("job")
        _ = await monitor.round(at: .seconds(100))
        try job.lock.touch()
        _ = await monitor.round(at: .seconds(109))
        _ = await monitor.round(at: .seconds(118))
        #expect(try spool.folder.state(of: "job") == .running)
        _ = await monitor.round(at: .seconds(120))
        #expect(try spool.folder.state(of: "job") == .failed)
    }

    @Test func round_ownerDead_putsTheJobBackAtOnce() async throws {
        let job = try running("job")
        job.lock.release()
        _ = await monitor.round(at: .seconds(100))
        #expect(try spool.folder.state(of: "job") == .queued)
        #expect(try spool.folder.run(of: "job")?.crashes == 1)
        #expect(journal.count("job recovered", "requeue(crash)") == 1)
    }

    @Test func round_tellsWhenTheNextJobCouldBeStale() async throws {
        #expect(await monitor.round(at: .seconds(90)) == .seconds(30))
        let job = try running("job")
        #expect(await monitor.round(at: .seconds(100)) == .milliseconds(10_020))
        #expect(await monitor.round(at: .seconds(104)) == .milliseconds(6020))
        job.lock.release()
    }

    @Test func suspend_grantsAFullTimeout() async throws {
        let job = try running("job")
        _ = await monitor.round(at: .seconds(100))
        await monitor.noteSuspend(parting: .zero, at: .seconds(101))
        await monitor.noteSuspend(parting: .seconds(3600), at: .seconds(3700))
        _ = await monitor.round(at: .seconds(3705))
        #expect(try spool.folder.state(of: "job") == .running)
        _ = await monitor.round(at: .seconds(3711))
        #expect(try spool.folder.state(of: "job") == .failed)
        job.lock.release()
    }

    @Test func smallPartingOfTheClocks_isNoSuspend() async throws {
        let job = try running("job")
        await monitor.noteSuspend(parting: .zero, at: .seconds(99))
        _ = await monitor.round(at: .seconds(100))
        await monitor.noteSuspend(parting: .seconds(29), at: .seconds(109))
        _ = await monitor.round(at: .seconds(111))
        #expect(try spool.folder.state(of: "job") == .failed)
        job.lock.release()
    }

    @Test func round_aTokenNobodyEverOwned_goesBack() async throws {
        try spool.drop("running/copy.json", Array(#"{"type":"NOOP"}"#.utf8))
        _ = await monitor.round(at: .seconds(100))
        #expect(try spool.folder.state(of: "copy") == .queued)
    }

    @Test func worker_thatCannotBeat_givesUpAtHalfTheTimeout() async throws {
        // The heartbeat is due after the silence is too long: this worker looks to itself as if it had been stopped.
        let policy = try Policy(
            heartbeatInterval: .milliseconds(400), heartbeatTimeout: .milliseconds(801))
        let thread = try HeartbeatThread(files: spool.files, policy: policy)
        defer { thread.stop() }
        let job = try running("job")
        let (events, send) = AsyncStream.makeStream(of: HeartbeatThread.Event.self)
        thread.add("job", lock: DeafLock()) { send.yield($0) }
        var heard = events.makeAsyncIterator()
        guard case .silent(let silence)? = await heard.next() else {
            Issue.record("It was not told of the silence.")
            return
        }
        #expect(silence >= policy.giveUpAfter)
        job.lock.release()
    }
}

/// A heartbeat file on a disk that does not answer.
private struct DeafLock: FileLock {
    func touch() throws(FileError) { throw FileError(5, "futimens", "beat") }
    func release() {}
}
