import Glibc
import JobCore
import Spool
import TestSupport
import Testing

/// A disk that is full, on which every way out of `running/` is still open.
@Suite("Full disk")
struct FullDiskTests {
    /// One thing that must go on when the disk is full.
    struct Transition: Sendable, CustomStringConvertible {
        let name: String
        /// What lies there before: a job in `queued/`, or claimed.
        let isClaimed: Bool
        let act: @Sendable (SpoolWorld, ClaimedJob?) throws -> Void
        let ending: JobState?

        var description: String { name }
    }

    private static let id = SpoolWorld.id

    static let transitions = [
        Transition(
            name: "finish done", isClaimed: true,
            act: { world, job in
                guard let job else { return }
                try expect([.recorded], world.spool.finish([JobEnding(job, .done([try world.makeFilm(job)]))]))
            }, ending: .done),
        Transition(
            name: "finish failed", isClaimed: true,
            act: {
                try expect([.recorded], $0.spool.finish($1.map { [JobEnding($0, .failed(SpoolWorld.failure))] } ?? []))
            }, ending: .failed),
        Transition(
            name: "requeue", isClaimed: true,
            act: { world, job in
                guard let job else { return }
                try expect(true, world.spool.requeue(job, after: .seconds(5), .failure, SpoolWorld.failure))
            }, ending: .queued),
        Transition(
            name: "cancel a running job", isClaimed: true,
            act: { world, _ in try expect(.canceled, world.spool.cancel(id)) }, ending: .canceled),
        Transition(
            name: "cancel a queued job", isClaimed: false,
            act: { world, _ in try expect(.canceled, world.spool.cancel(id)) }, ending: .canceled),
        Transition(
            name: "fail a silent job", isClaimed: true,
            act: { world, job in
                try expect(true, world.spool.failSilent(id, attempt: job?.attempt ?? 0, SpoolWorld.failure))
            }, ending: .failed),
        Transition(
            name: "recover a dead worker's job", isClaimed: true,
            act: { world, job in
                job?.lock.release()
                try expect(false, world.spool.repair(id, policy: world.policy) { _ in }.isEmpty)
            }, ending: .queued),
        Transition(
            name: "delete", isClaimed: false,
            act: { world, _ in try expect(.deleted(artifacts: 0), world.spool.delete(id)) }, ending: nil),
    ]

    private static func expect<Value: Equatable>(_ wanted: Value, _ answer: Value) throws {
        guard answer == wanted else { throw CrashScenarios.NotDone(answer) }
    }

    private static func world() throws -> (SpoolWorld, FaultyFileSystem) {
        var faulty: FaultyFileSystem?
        let world = try SpoolWorld { disk in
            let files = FaultyFileSystem(disk)
            faulty = files
            return files
        }
        return (world, try #require(faulty))
    }

    @Test(arguments: transitions)
    func transition_onAFullDisk_throwsTheBallastOffAndClosesTheQueue(transition: Transition) throws {
        let (world, faulty) = try Self.world()
        #expect(try world.spool.keepBallast() == .make(bytes: Ballast.largest, files: 0))
        try world.submit()
        let job = transition.isClaimed ? try world.claim() : nil
        faulty.fill()
        try transition.act(world, job)
        #expect(try world.spool.state(of: Self.id) == transition.ending)
        #expect(try world.disk.status(SpoolLayout.ballast) == nil)
        #expect(try world.spool.isPaused())
        #expect(try world.disk.status(SpoolLayout.paused) == nil, "that one is a person's")
        faulty.makeRoom()
        #expect(try world.spool.keepBallast() == .make(bytes: Ballast.largest, files: 0))
        #expect(try world.spool.keepBallast() == .open)
        #expect(try world.spool.keepBallast() == .nothing)
        #expect(try !world.spool.isPaused())
        #expect(try world.disk.list(SpoolLayout.temporary).isEmpty)
        world.disk.reboot(powerCut: false)
        let after = try world.restarted()
        try after.recover()
        #expect(try JobInspection(world: after).violations() == [])
    }

    /// Wherever in the step the room runs out, and however little the ballast brings.
    @Test(arguments: transitions, 0..<14)
    func transition_forWhichTheBallastIsTooSmall_isWholeOnceThereIsRoom(transition: Transition, calls: Int) throws {
        var faulty: FaultyFileSystem?
        let world = try SpoolWorld { disk in
            let files = FaultyFileSystem(disk, ballastCalls: calls)
            faulty = files
            return files
        }
        _ = try world.spool.keepBallast()
        try world.submit()
        let job = transition.isClaimed ? try world.claim() : nil
        faulty?.fill()
        let isDone = (try? transition.act(world, job)) != nil
        if isDone { #expect(try world.spool.state(of: Self.id) == transition.ending) }
        faulty?.makeRoom()
        #expect(try world.disk.list(SpoolLayout.temporary).isEmpty)
        while try [.make(bytes: Ballast.largest, files: 0), .open].contains(world.spool.keepBallast()) {}
        #expect(try !world.spool.isPaused())
        world.disk.reboot(powerCut: false)
        let after = try world.restarted()
        try after.recover()
        #expect(try JobInspection(world: after).violations() == [])
    }

    /// - Parameter room: so many calls still succeed; a submit makes a folder, its lock and two names.
    @Test(arguments: 0..<4) func newWork_onAFullDisk_isRefusedAndLeavesNothingBehind(room: Int) throws {
        let (world, faulty) = try Self.world()
        _ = try world.spool.keepBallast()
        try world.submit()
        let before = world.disk.state.listing
        faulty.fill(room: room)
        #expect(throws: FileError.self) { try world.claim() }
        // Only the way back out of running/ may need the ballast.
        #expect(try world.disk.status(SpoolLayout.ballast) != nil || room > 0)
        faulty.fill(room: room)
        let another = Submission(document: SpoolWorld.document("more"), naming: .preferably("more"))
        guard case .failure(let failure) = world.spool.submit([another])[0] else {
            Issue.record("accepted on a full disk")
            return
        }
        #expect(failure.code == .diskFull)
        #expect(failure.message.contains("full"))
        faulty.makeRoom()
        // The folder of a 256th of all records may stay; nothing else.
        let new = world.disk.state.listing.filter { before[$0.key] != $0.value }
        #expect(new.filter { $0.key.count > "work/00/".count && !$0.key.hasPrefix("meta/") } == [:])
        #expect(try world.spool.allIDs() == [Self.id])
        #expect(try world.spool.ids(in: .queued) == [Self.id])
    }

    @Test func submit_thatTheDiskDoesNotKeep_leavesNothingBehind() throws {
        let (world, faulty) = try Self.world()
        // The second sync is that of queued/, after the job's own file.
        faulty.fail(1, of: .sync, with: ENOSPC)
        #expect(throws: Failure.self) { try world.submit() }
        #expect(try world.spool.allIDs() == [])
        faulty.fail(.max, with: ENOSPC)
        try world.submit()
        #expect(try world.spool.state(of: Self.id) == .queued)
    }

    @Test func ballast_thrownOffByAnotherProcess_isWorthOneMoreTry() throws {
        let (world, faulty) = try Self.world()
        try world.submit()
        try world.disk.create(SpoolLayout.pausedFull, [])
        faulty.fail(0, of: .create, with: ENOSPC)
        #expect(try world.spool.cancel(Self.id) == .canceled)
        // Without any trace of it nothing was gained, and the error is told.
        let (other, faultyOther) = try Self.world()
        try other.submit()
        faultyOther.fail(0, of: .create, with: ENOSPC)
        #expect(throws: FileError.self) { try other.spool.cancel(Self.id) }
    }

    @Test func pauseOfAPerson_outlivesAFullDisk_andResumeOpensBoth() throws {
        let (world, faulty) = try Self.world()
        _ = try world.spool.keepBallast()
        try world.submit()
        try world.spool.pause(reason: "a person")
        faulty.fill()
        #expect(try world.spool.cancel(Self.id) == .canceled)
        faulty.makeRoom()
        while try [.make(bytes: Ballast.largest, files: 0), .open].contains(world.spool.keepBallast()) {}
        #expect(try world.spool.isPaused())
        try world.disk.create(SpoolLayout.pausedFull, [])
        try world.spool.resume()
        #expect(try !world.spool.isPaused())
    }

    @Test func prepare_onAFullDisk_throwsTheBallastOff() throws {
        let (world, faulty) = try Self.world()
        _ = try world.spool.keepBallast()
        faulty.fill()
        #expect(try world.spool.prepare() == .known)
        #expect(try world.spool.isPaused())
    }

    @Test func keepBallast_onADiskWithoutRoom_makesNone() throws {
        let (world, faulty) = try Self.world()
        faulty.fill()
        #expect(try world.spool.keepBallast() == .wait)
        faulty.makeRoom()
        faulty.fail(0, of: .reserve, with: ENOSPC)
        #expect(try world.spool.keepBallast() == .wait)
        #expect(try world.disk.list(SpoolLayout.temporary).isEmpty)
        #expect(try !world.spool.isPaused(), "nothing was thrown off")
    }

    @Test func retry_thatTheDiskDoesNotTake_leavesTheJobAsItEnded() throws {
        let (world, faulty) = try Self.world()
        try world.submit()
        #expect(try world.finish(try world.claim()) == .recorded)
        let before = world.disk.state.listing
        faulty.fail(0, of: .rename, with: ENOSPC)
        #expect(throws: Failure.self) { try world.spool.retry(Self.id) }
        #expect(faulty.hasFailed)
        #expect(world.disk.state.listing == before)
        try world.spool.retry(Self.id)
        #expect(try world.spool.state(of: Self.id) == .queued)
    }
}
