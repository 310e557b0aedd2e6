import JobCore
import Spool
import TestSupport
import Testing

/// The thread that touches heartbeats, on the real disk; every wait is for its own event.
@Suite("Heartbeats")
struct HeartbeatTests {
    private let spool: TemporarySpool
    private let id = JobID(resembling: "film", random: 0)

    init() throws {
        spool = try TemporarySpool()
        let submission = Submission(document: SpoolWorld.document(), naming: .exactly(id))
        _ = try spool.folder.submit([submission])[0].get()
    }

    private func claim() throws -> ClaimedJob {
        guard case .claimed(let job) = try spool.folder.claim(id, owner: SpoolWorld.owner) else {
            throw SpoolWorld.NotClaimed()
        }
        return job
    }

    private func policy(interval: Duration, timeout: Duration) throws -> Policy {
        try Policy(heartbeatInterval: interval, heartbeatTimeout: timeout)
    }

    @Test(.timeLimit(.minutes(3)))
    func check_afterTheTokenLeft_tellsTheOwnerOnce() async throws {
        let job = try claim()
        // The next beat would be a minute away: only `check` can be what tells.
        let thread = try HeartbeatThread(
            files: spool.files, policy: policy(interval: .seconds(60), timeout: .seconds(600)))
        defer { thread.stop() }
        let (events, sink) = AsyncStream.makeStream(of: HeartbeatThread.Event.self)
        thread.add(id, lock: job.lock) { sink.yield($0) }
        #expect(try spool.folder.cancel(id) == .canceled)
        thread.check()
        var iterator = events.makeAsyncIterator()
        #expect(await iterator.next() == .lost)
    }

    @Test(.timeLimit(.minutes(3)))
    func silence_ofHalfTheTimeout_isToldWithItsLength() async throws {
        let job = try claim()
        // A lock that was given back cannot be touched.
        job.lock.release()
        let thread = try HeartbeatThread(
            files: spool.files, policy: policy(interval: .milliseconds(20), timeout: .milliseconds(200)))
        defer { thread.stop() }
        let (events, sink) = AsyncStream.makeStream(of: HeartbeatThread.Event.self)
        thread.add(id, lock: job.lock) { sink.yield($0) }
        var iterator = events.makeAsyncIterator()
        guard case .silent(let length)? = await iterator.next() else {
            Issue.record("told of something else")
            return
        }
        #expect(length >= .milliseconds(100))
    }

    @Test func awake_isTheTimeSinceBootWithoutTheSleep() {
        let before = BootClock.awake()
        let parting = BootClock.now() - before
        #expect(parting >= BootClock.timeAsleep() - .seconds(1))
        #expect(BootClock.awake() >= before)
        #expect(BootClock.awake() <= BootClock.now())
    }
}
