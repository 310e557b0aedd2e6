import JobCore
import Spool
import TestSupport
import Testing

/// What no job owns, and jobs of which something is missing.
@Suite("Leftovers")
struct LeftoverTests {
    private let world: SpoolWorld
    private let id = SpoolWorld.id

    init() throws { world = try SpoolWorld() }

    private var spool: SpoolFolder { world.spool }

    private func done() throws { try world.makeDone() }

    private func found() throws -> [Leftover.Kind: String] {
        Dictionary(try spool.leftovers().map { ($0.kind, $0.path) }) { first, second in "\(first) \(second)" }
    }

    private func remove(lost: Bool = false) throws -> CleanupReport {
        var report = CleanupReport()
        spool.remove(try spool.leftovers(), isDeletingLost: lost, into: &report)
        return report
    }

    private func age() { world.clock.advance(by: .seconds(25 * 3600)) }

    @Test(arguments: JobState.allCases)
    func leftovers_ofAWholeJob_areNone(state: JobState) throws {
        try world.submit()
        if state == .canceled { #expect(try spool.cancel(id) == .canceled) }
        let job = [.running, .done, .failed].contains(state) ? try world.claim() : nil
        if let job, state == .done { #expect(try world.finish(job) == .recorded) }
        if let job, state == .failed {
            #expect(spool.finish([JobEnding(job, .failed(SpoolWorld.failure))]) == [.recorded])
        }
        age()
        #expect(try spool.leftovers() == [])
        if state == .running { job?.lock.release() }
    }

    @Test func leftovers_ofEveryKind_areFoundOnceOldAndTakenAway() throws {
        try done()
        let scratch = SpoolLayout.scratch(id, attempt: 7)
        try world.disk.makeFolder(scratch)
        try world.disk.create("\(scratch)/half.mp4", Array("half".utf8))
        try world.disk.create("tmp/film.abc", Array("half".utf8))
        let gone = JobID(resembling: "gone", random: 0)
        let target = SpoolLayout.filmTarget(gone, attempt: 1, name: "film.mp4")
        try world.disk.symbolicLink("films/old.mp4", to: target)
        try world.disk.symbolicLink("films/mine.mp4", to: "/home/me/film.mp4")
        _ = try spool.storeUpload(Array("a cat".utf8), kind: .png)
        let (beat, born) = (JobID(resembling: "beat", random: 0), JobID(resembling: "born", random: 0))
        for other in [beat, born] {
            if try world.disk.status(SpoolLayout.shard(other)) == nil {
                try world.disk.makeFolder(SpoolLayout.shard(other))
            }
            try world.disk.makeFolder(SpoolLayout.record(other))
            try world.disk.create(SpoolLayout.beat(other), [])
        }
        try world.disk.create(SpoolLayout.birth(born), Array("{".utf8))
        let kinds: Set<Leftover.Kind> = [.scratch, .temporary, .link, .upload, .heartbeat, .submit]
        #expect(try Set(found().keys) == [.link], "the others may be in the making")
        age()
        #expect(try Set(found().keys) == kinds)
        #expect(try found()[.link] == "films/old.mp4")
        #expect(try remove().deletedLeftovers == kinds.count)
        #expect(try spool.leftovers() == [])
        #expect(try world.disk.linkTarget("films/mine.mp4") != nil, "a person's own link stays")
        #expect(try spool.view(id)?.artifacts.count == 1)
        #expect(try spool.state(of: id) == .done)
    }

    @Test func leftovers_ofARecordWithoutItsToken_goOnlyOnWish() throws {
        try done()
        try world.disk.remove("done/\(id).json")
        age()
        #expect(try found()[.lost] == SpoolLayout.record(id))
        #expect(try remove().deletedLeftovers == 0)
        #expect(try spool.allIDs() == [id])
        #expect(try remove(lost: true).deletedLeftovers == 1)
        #expect(try spool.allIDs() == [])
        #expect(try world.disk.list(SpoolLayout.films) == [])
    }

    @Test func leftovers_ofARecordThatSomebodyHolds_areLeft() throws {
        try world.submit()
        let job = try world.claim()
        try world.disk.remove("running/\(id).json")
        age()
        let plan = try spool.leftovers()
        #expect(plan.map(\.kind) == [.lost])
        var report = CleanupReport()
        spool.remove(plan, isDeletingLost: true, into: &report)
        #expect(report.deletedLeftovers == 0 && report.skipped == 1)
        job.lock.release()
    }

    @Test func leftovers_ofADoneJobWithoutItsFilm_areToldAndLeft() throws {
        try done()
        let film = "\(SpoolLayout.scratch(id, attempt: 1))/film.mp4"
        try world.disk.remove(film)
        #expect(try found()[.damaged] == film)
        #expect(try remove().deletedLeftovers == 1, "its link leads to nothing")
        #expect(try found().keys.elementsEqual([.damaged]))
        #expect(try spool.state(of: id) == .done)
    }

    @Test func leftovers_inACopyThatNoDaemonHasSeen_areRefused() throws {
        try done()
        try world.disk.overwrite(SpoolLayout.identity, Array("77 77\n".utf8))
        let failure = #expect(throws: Failure.self) { try spool.leftovers() }
        #expect(failure?.code == .configError)
        try spool.confirmIdentity()
        #expect(try spool.leftovers() == [])
    }

    @Test func remove_ofWhatIsInUseAgain_leavesIt() throws {
        try world.disk.create("tmp/film.abc", [])
        age()
        let plan = try spool.leftovers()
        try world.disk.setModified("tmp/film.abc", world.clock.now)
        var report = CleanupReport()
        spool.remove(plan, into: &report)
        #expect(report.skipped == 1)
        #expect(try world.disk.status("tmp/film.abc") != nil)
    }
}
