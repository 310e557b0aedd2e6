import Glibc
import JobCore
import Spool
import TestSupport
import Testing

/// Removing ended jobs by age.
@Suite("Cleanup")
struct CleanupTests {
    private let world: SpoolWorld
    private let id = SpoolWorld.id

    init() throws { world = try SpoolWorld() }

    private var spool: SpoolFolder { world.spool }

    private func done() throws { try world.makeDone() }

    private func plan(days: Int = 30) throws -> CleanupPlan {
        try spool.cleanupPlan(CleanupRule(days: days, at: world.clock.now))
    }

    private func pass(days: Int) { world.clock.advance(by: .seconds(days * 86_400)) }

    @Test func plan_ofAYoungJob_isEmptyAndOfAnOldOneTellsWhatItFrees() throws {
        try done()
        #expect(try plan().isEmpty)
        pass(days: 31)
        let listing = world.disk.state.listing
        let plan = try plan()
        #expect(plan.jobs.map(\.id) == [id])
        // Token, job.json, beat, run.json, final.json and the film.
        let size = try #require(plan.shares[.done]?.size)
        #expect(size.files == 6)
        #expect(size.bytes > Int64(SpoolWorld.movie.count))
        #expect(world.disk.state.listing == listing, "a plan changes nothing")
    }

    @Test(arguments: [false, true])
    func execute_removesTheJobAndAllItMade(isArchived: Bool) throws {
        try done()
        if isArchived { try world.archive(.done) }
        pass(days: 31)
        var gone: [JobID] = []
        let report = try spool.execute(try plan()) { gone.append($0) }
        #expect(report.deletedJobs == 1 && report.artifacts == 1 && report.failureCount == 0)
        #expect(gone == [id])
        #expect(try spool.allIDs() == [])
        #expect(try world.disk.list(SpoolLayout.trash) == [])
        #expect(try world.disk.list(SpoolLayout.films) == [])
    }

    @Test(arguments: [JobState.queued, .running])
    func plan_ofAJobThatHasNotEnded_isEmptyHoweverOldItIs(state: JobState) throws {
        try world.submit()
        let job = state == .running ? try world.claim() : nil
        pass(days: 999)
        #expect(try plan(days: 0).isEmpty)
        job?.lock.release()
    }

    @Test func execute_ofAJobThatWasStarredSince_leavesIt() throws {
        try done()
        pass(days: 31)
        let plan = try plan()
        #expect(try spool.mark(id) { try $0.marked(with: ["starred": true]) } == .changed)
        let report = try spool.execute(plan)
        #expect(report.deletedJobs == 0 && report.skipped == 1)
        #expect(try spool.state(of: id) == .done)
        #expect(try self.plan().kept == 1)
    }

    @Test func execute_ofAJobThatRunsAgainSince_leavesIt() throws {
        try done()
        pass(days: 31)
        let plan = try plan()
        try spool.retry(id)
        #expect(try spool.execute(plan).skipped == 1)
        #expect(try spool.state(of: id) == .queued)
    }

    @Test func execute_ofAJobWhoseWorkerHasNotLetGo_leavesIt() throws {
        try world.submit()
        let job = try world.claim()
        #expect(try spool.cancel(id) == .canceled)
        pass(days: 31)
        #expect(try spool.execute(try plan()).skipped == 1)
        job.lock.release()
        #expect(try spool.execute(try plan()).deletedJobs == 1)
        #expect(try spool.allIDs() == [])
    }

    @Test func plan_ofAJobThatAWaitingOneNeeds_keepsIt() throws {
        try done()
        var needing = SpoolWorld.document("next")
        needing[.needs] = .array([.string(id.text)])
        let other = JobID(resembling: "next", random: 0)
        for result in spool.submit([Submission(document: needing, naming: .exactly(other), attachments: [])]) {
            _ = try result.get()
        }
        pass(days: 31)
        let plan = try plan()
        #expect(plan.jobs.isEmpty && plan.needed == 1)
        #expect(try spool.cancel(other) == .canceled)
        #expect(try self.plan().jobs.map(\.id) == [id], "nobody needs it any more")
    }

    @Test func plan_ofAJobThatAPersonMoved_goesByTheTimeOfItsFile() throws {
        try world.submit()
        pass(days: 31)
        try world.disk.rename("queued/\(id).json", "done/\(id).json", .noReplace)
        #expect(try plan().isEmpty, "it was moved just now")
        pass(days: 31)
        #expect(try spool.execute(try plan()).deletedJobs == 1)
        #expect(try spool.allIDs() == [])
    }

    @Test func execute_onADiskThatRefuses_tellsWhichJobAndLosesNothing() throws {
        try done()
        pass(days: 31)
        let plan = try plan()
        let faulty = FaultyFileSystem(world.disk)
        let folder = SpoolFolder(
            files: faulty, root: "/spool", now: { [clock = world.clock] in clock.now },
            random: SeededRandom.source(3))
        faulty.fail(0, of: .rename, with: EIO)
        let report = try folder.execute(plan)
        #expect(report.failureCount == 1)
        #expect(report.failures.first?.hasPrefix("\(id): ") == true)
        #expect(try spool.state(of: id) == .done)
    }

    @Test func mark_ofADoneJob_keepsItsTimeAndReachesItsRecord() throws {
        try done()
        let before = try #require(try world.disk.status("done/\(id).json"))
        pass(days: 1)
        #expect(try spool.mark(id) { try $0.marked(with: ["tags": ["keep"]]) } == .changed)
        let token = try #require(try world.disk.read("done/\(id).json", limit: 1 << 20))
        #expect(token.status.modified == before.modified)
        #expect(try world.disk.read(SpoolLayout.final(id), limit: 1 << 20)?.bytes == token.bytes)
        #expect(try spool.view(id)?.marks.tags == ["keep"])
        #expect(try spool.view(id)?.artifacts.count == 1)
        #expect(try spool.recover(id, world) == [])
        // At rest it is still the file that was recorded.
        let place = try world.archive(.done)
        #expect(try spool.tidy(place) == [])
        #expect(try spool.mark(id) { try $0.marked(with: ["note": "good"]) } == .changed)
        #expect(try spool.tidy(place) == [])
        #expect(try spool.place(of: id) == place)
        #expect(try world.disk.list(SpoolLayout.temporary) == [])
    }

    /// Somebody looks after the job that has just ended, and is done with it before the second try.
    @Test func mark_whileTheJobIsHeldForABlink_waits() throws {
        try done()
        let lock = try #require(try world.disk.lock(SpoolLayout.beat(id)))
        var looks = 0
        let result = try spool.mark(id) { document in
            looks += 1
            if looks == 2 { lock.release() }
            return try document.marked(with: ["starred": true])
        }
        #expect(result == .changed && looks == 2)
        #expect(try spool.view(id)?.marks.isStarred == true)
    }

    @Test func mark_whileTheJobIsHeldForGood_saysToTryAgain() throws {
        try done()
        let lock = try #require(try world.disk.lock(SpoolLayout.beat(id)))
        let failure = #expect(throws: Failure.self) {
            try spool.mark(id) { try $0.marked(with: ["starred": true]) }
        }
        #expect(failure?.message == "Job \(id) is being worked on." && failure?.isRetryable == true)
        lock.release()
        #expect(try spool.view(id)?.marks.isStarred == false)
    }

    @Test func mark_ofAJobThatRuns_saysSo() throws {
        try world.submit()
        let job = try world.claim()
        #expect(try spool.mark(id) { try $0.marked(with: ["starred": true]) } == .wrongState(.running))
        job.lock.release()
    }
}
