import Glibc
import JobCore
import Spool
import TestSupport
import Testing

/// Every call of every operation fails once.
@Suite("Faults")
struct FaultTests {
    static let errnos = [ENOSPC, EIO, EACCES, EMFILE, EROFS, EDQUOT, EINTR, ESTALE]

    @Test(arguments: CrashScenarios.all + CrashScenarios.repairs, errnos)
    func errno_atAnyCall_isAnsweredAndLeavesAWholeJob(campaign: CrashCampaign, errno: Int32) throws {
        let before = try SpoolWorld()
        try campaign.given(before)
        let start = before.disk.state
        var call = 0
        var hasFailed = true
        while hasFailed {
            let box = FaultBox()
            let world = try SpoolWorld(state: start, through: box.wrap)
            let faulty = try #require(box.faulty)
            faulty.fail(call, with: errno)
            var isAcknowledged = true
            do {
                try campaign.act(world)
            } catch {
                isAcknowledged = false
            }
            hasFailed = faulty.hasFailed
            let place: Comment = "errno \(errno) at call \(call), acknowledged: \(isAcknowledged)"
            world.disk.reboot(powerCut: false)
            let after = try world.restarted()
            try after.recover()
            // A drop that its owner alone may read is set aside with that reason.
            let isSetAside = try errno == EACCES && !after.disk.list(SpoolLayout.quarantine).isEmpty
            if !isSetAside { #expect(try JobInspection(world: after).violations() == [], place) }
            let allowed = isAcknowledged ? campaign.acknowledged : campaign.midway.union(campaign.acknowledged)
            let state = try after.spool.state(of: SpoolWorld.id)
            #expect(allowed.contains(state) || (isSetAside && state == nil), place)
            if isAcknowledged { #expect(try campaign.check(after) == [], place) }
            #expect(try JobInspection(world: after).violationsOfAnotherLife(anew: campaign.anew) == [], place)
            call += 1
        }
        #expect(call > 5, "the operation was not looked into")
    }

    @Test(arguments: errnos)
    func errno_atAnyCallOfSetup_isAnsweredAndTheNextTryWorks(errno: Int32) throws {
        var (call, hasFailed) = (0, true)
        while hasFailed {
            let disk = FakeDisk(clock: ManualClock())
            let faulty = FaultyFileSystem(disk)
            let spool = SpoolFolder(
                files: faulty, root: "/spool", now: { ManualClock().now }, random: SeededRandom.source(1))
            faulty.fail(call, with: errno)
            let first = Result { () throws(Failure) in try spool.prepare() }
            hasFailed = faulty.hasFailed
            faulty.fail(.max, with: errno)
            let again = try spool.prepare()
            let place: Comment = "errno \(errno) at call \(call), first \(first), then \(again)"
            // Only a spool that was whole before can be a copy.
            #expect(again != .restored, place)
            #expect(try SpoolLayout.folders.allSatisfy { try disk.status($0)?.kind == .folder }, place)
            #expect(try disk.status(SpoolLayout.pausedPaid) == nil, place)
            let world = try SpoolWorld(state: disk.state)
            try world.submit()
            #expect(try world.finish(try world.claim()) == .recorded, place)
            call += 1
        }
        #expect(call > 30, "the operation was not looked into")
    }

    @Test(arguments: errnos)
    func errno_atAnyCallOfForget_isAnsweredAndTheNextTryForgets(errno: Int32) throws {
        let before = try SpoolWorld()
        try before.submit()
        _ = try before.finish(try before.claim())
        try before.disk.remove(SpoolLayout.token(SpoolWorld.id, in: .done))
        var (call, hasFailed) = (0, true)
        while hasFailed {
            let box = FaultBox()
            let world = try SpoolWorld(state: before.disk.state, through: box.wrap)
            let faulty = try #require(box.faulty)
            faulty.fail(call, with: errno)
            _ = try? world.spool.forget(SpoolWorld.id)
            hasFailed = faulty.hasFailed
            faulty.fail(.max, with: errno)
            let again = try world.spool.forget(SpoolWorld.id)
            try world.spool.finishDeletes()
            let place: Comment = "errno \(errno) at call \(call), then \(again)"
            #expect(again != .held, place)
            #expect(try world.spool.allIDs() == [], place)
            for folder in [SpoolLayout.trash, SpoolLayout.films] { #expect(try world.disk.list(folder).isEmpty, place) }
            call += 1
        }
        #expect(call > 5, "the operation was not looked into")
    }

    @Test func finish_thatADiskRefused_mayBeTriedAgain() throws {
        let box = FaultBox()
        let world = try SpoolWorld(through: box.wrap)
        let faulty = try #require(box.faulty)
        try world.submit()
        let job = try world.claim()
        let ending = JobEnding(job, .done([try world.makeFilm(job)]))
        faulty.fail(0, of: .sync, with: ENOSPC)
        let refused = world.spool.finish([ending])
        #expect(refused == [.failed(FileError(ENOSPC, "sync", SpoolLayout.scratch(job.id, attempt: 1) + "/film.mp4"))])
        #expect(try world.spool.state(of: job.id) == .running)
        #expect(try world.spool.isOwned(job.id))
        #expect(world.spool.finish([ending]) == [.recorded])
        #expect(try world.spool.isOwned(job.id) == false)
    }

    @Test func submit_ofSeveral_oneRefusedByTheDisk_acceptsTheOthers() throws {
        let box = FaultBox()
        let world = try SpoolWorld(through: box.wrap)
        let faulty = try #require(box.faulty)
        let submissions = ["one", "two", "three"].map {
            Submission(document: SpoolWorld.document($0), naming: .preferably($0))
        }
        faulty.fail(1, of: .sync, with: EIO)
        let results = world.spool.submit(submissions)
        #expect(results.map { (try? $0.get())?.text } == ["one", nil, "three"])
        #expect(try world.spool.ids(in: .queued).map(\.text).sorted() == ["one", "three"])
        #expect(try world.spool.allIDs().map(\.text) == ["one", "three"])
    }
}

/// Hands out the wrapper that a world's spool was given.
final class FaultBox {
    private(set) var faulty: FaultyFileSystem?

    func wrap(_ disk: FakeDisk) -> any FileSystem {
        let faulty = FaultyFileSystem(disk)
        self.faulty = faulty
        return faulty
    }
}
