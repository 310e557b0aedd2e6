import JobCore
import Spool
import TestSupport
import Testing

/// Ended jobs at rest in day folders.
@Suite("Archive")
struct ArchiveTests {
    private let world: SpoolWorld
    private let id = SpoolWorld.id
    private let today = Day(of: ManualClock().now)

    init() throws { world = try SpoolWorld() }

    private var spool: SpoolFolder { world.spool }

    private func done() throws { try world.makeDone() }

    private func canceled() throws {
        try world.submit()
        #expect(try spool.cancel(id) == .canceled)
    }

    private func refused() throws {
        try world.submit()
        #expect(try spool.refuse(id, SpoolWorld.failure))
    }

    @Test func archive_ofADoneJob_isOneRenameAndChangesNothingElse() throws {
        try done()
        world.clock.advance(by: .seconds(7200))
        let before = (view: try spool.view(id), listing: world.disk.state.listing)
        let place = try world.archive(.done)
        #expect(place == JobPlace(.done, on: today))
        var listing = before.listing
        listing["done/\(today)/"] = ""
        listing["done/\(today)/\(id).json"] = listing.removeValue(forKey: "done/\(id).json")
        #expect(world.disk.state.listing == listing)
        #expect(try spool.place(of: id) == place)
        var view = try #require(try spool.view(id))
        #expect(view.day == today)
        view.day = nil
        // The change time of the file is not the job's.
        #expect(view.updatedAt == before.view?.finishedAt)
        view.updatedAt = try #require(before.view).updatedAt
        #expect(view == before.view)
        #expect(spool.archive([id], in: .done) == [.gone])
    }

    @Test func archive_ofWhatWasCanceledOrRefused_writesItsRecordFirst() throws {
        for (given, state) in [(canceled, JobState.canceled), (refused, .failed)] {
            try given()
            #expect(try world.disk.status(SpoolLayout.final(id)) == nil)
            let place = try world.archive(state)
            let token = try world.disk.read(SpoolLayout.token(id, at: place), limit: 1 << 20)?.bytes
            #expect(try world.disk.read(SpoolLayout.final(id), limit: 1 << 20)?.bytes == token)
            #expect(try spool.recover(id, world) == [])
            #expect(try spool.delete(id) == .deleted(artifacts: 0))
            #expect(try spool.allIDs() == [])
        }
    }

    @Test func archive_ofWhatAPersonMoved_leavesItThere() throws {
        try world.submit()
        try world.disk.rename("queued/\(id).json", "done/\(id).json", .noReplace)
        #expect(spool.archive([id], in: .done) == [.stays])
        #expect(try spool.place(of: id) == .done)
        #expect(try world.disk.list("done").map(\.name) == ["\(id).json"])
    }

    @Test func archive_ofACancelThatIsNotFinished_waitsForItsEnd() throws {
        try world.submit()
        let job = try world.claim()
        _ = try world.makeFilm(job)
        #expect(try spool.cancel(id) == .canceled)
        #expect(spool.archive([id], in: .canceled) == [.busy], "its worker has not stopped")
        job.lock.release()
        #expect(spool.archive([id], in: .canceled) == [.stays], "what it made lies there")
        _ = try spool.recover(id, world)
        #expect(spool.archive([id], in: .canceled) == [.archived(today)])
    }

    @Test func archive_ofATornFile_leavesItThere() throws {
        try done()
        try world.disk.overwrite("done/\(id).json", Array("{".utf8))
        #expect(spool.archive([id], in: .done) == [.stays])
    }

    @Test func archive_whereTheNameIsTaken_isToldAndRepaired() throws {
        try done()
        let place = try world.archive(.done)
        let bytes = try #require(try world.disk.read(SpoolLayout.token(id, at: place), limit: 1 << 20)?.bytes)
        try world.disk.create("done/\(id).json", bytes)
        #expect(spool.archive([id], in: .done) == [.double(place)])
        #expect(try spool.tidy(place) == [])
        #expect(try spool.repair(id, policy: world.policy, known: [place]) { _ in } == [.setAsideToken(.done)])
        #expect(try spool.places() == [id: [place]])
        #expect(try JobInspection(world: world).violations() == [])
    }

    @Test func archive_ofManyJobs_oneRefusedByTheDisk_archivesTheOthers() throws {
        let names = ["one", "two", "three"]
        var ids: [JobID] = []
        for result in spool.submit(
            names.map { Submission(document: SpoolWorld.document($0), naming: .preferably($0)) })
        { ids.append(try result.get()) }
        for id in ids { #expect(try spool.refuse(id, SpoolWorld.failure)) }
        let faulty = FaultyFileSystem(world.disk)
        let other = SpoolFolder(files: faulty, root: "/spool", now: { [world] in world.clock.now })
        faulty.fail(1, of: .read, with: 5)
        let results = other.archive(ids, in: .failed)
        #expect(results.count { $0 == .archived(today) } == 2)
        #expect(results.count { if case .failed = $0 { true } else { false } } == 1)
        #expect(try spool.ids(in: .failed).count == 1)
        #expect(other.archive(try spool.ids(in: .failed), in: .failed) == [.archived(today)])
    }

    @Test func lookup_costsTheSameHoweverManyDaysThereAre() throws {
        try done()
        try world.archive(.done)
        func calls(_ id: JobID) throws -> (calls: Int, place: JobPlace?) {
            let before = world.disk.calls
            let place = try spool.place(of: id)
            return (world.disk.calls - before, place)
        }
        let stranger = JobID(resembling: "stranger", random: 0)
        let few = (try calls(id), try calls(stranger))
        for number in 0..<300 {
            let day = Day(of: Timestamp(milliseconds: Int64(number) * 86_400_000))
            try world.disk.makeFolder("done/\(day)")
            try world.disk.makeFolder("canceled/\(day)")
        }
        let many = (try calls(id), try calls(stranger))
        #expect(many.0.place == JobPlace(.done, on: today) && many.1.place == nil)
        #expect(many.0.calls == few.0.calls && many.1.calls == few.1.calls)
        #expect(many.0.calls < 12 && many.1.calls < 16)
    }

    @Test(arguments: [JobState.done, .failed, .canceled])
    func lookup_ofAFileThatAPersonPutIntoAnyDay_findsIt(state: JobState) throws {
        try done()
        let day = try #require(Day("2001-01-01"))
        let place = JobPlace(state, on: day)
        try world.disk.makeFolder(SpoolLayout.folder(of: place))
        try world.disk.rename("done/\(id).json", SpoolLayout.token(id, at: place), .noReplace)
        #expect(try spool.place(of: id) == place)
        #expect(try spool.forget(id) == .missing)
        #expect(throws: Failure.self) {
            try spool.submit([Submission(document: SpoolWorld.document("x"), naming: .exactly(id))])[0].get()
        }
        #expect(try spool.tidy(place) == [])
        // Back in the folder of its state; the empty day is gone.
        #expect(try spool.place(of: id) == JobPlace(state))
        #expect(try spool.dayFolders() == [])
    }

    @Test func tidy_ofADayFolderWithStrangers_leavesThem() throws {
        try done()
        let place = try world.archive(.done)
        try world.disk.create("done/\(today)/notes.txt", [1])
        try world.disk.makeFolder("done/\(today)/folder.json")
        let before = world.disk.state.listing
        #expect(try spool.tidy(place) == [])
        #expect(world.disk.state.listing == before)
    }

    @Test func cancelOfAJobThatAPersonMovedIntoADayFolder_isWrittenDown() throws {
        try world.submit()
        let job = try world.claim()
        try world.disk.makeFolder("canceled/2001-01-01")
        try world.disk.rename("running/\(id).json", "canceled/2001-01-01/\(id).json", .noReplace)
        #expect(try spool.state(of: id) == .canceled)
        #expect(spool.finish([JobEnding(job, .done([]))]) == [.lost])
        let place = JobPlace(.canceled, on: Day("2001-01-01"))
        #expect(
            try spool.repair(id, policy: world.policy, known: [place]) { _ in }.contains(.scrubCanceled))
        #expect(try spool.document(id, in: .canceled)?.outcome == .canceled)
        try world.recover()
        #expect(try JobInspection(world: world).violations() == [])
    }

    /// A power cut on a disk that remembers two folders as of different moments.
    @Test(arguments: [JobState.done, .canceled])
    func tokenThatAPowerCutTookOrDoubled_isFoundAndMended(state: JobState) throws {
        if state == .done { try done() } else { try canceled() }
        #expect(try spool.idsWithoutOneToken() == [:])
        let place = try world.archive(state)
        #expect(try spool.idsWithoutOneToken() == [:])
        let token = SpoolLayout.token(id, at: place)
        let bytes = try #require(try world.disk.read(token, limit: 1 << 20)?.bytes)
        try world.disk.create(SpoolLayout.token(id, in: state), bytes)
        #expect(try spool.idsWithoutOneToken() == [id: [JobPlace(state), place]])
        _ = try spool.repair(
            id, policy: world.policy, isRestoring: true, known: [JobPlace(state), place]
        ) { _ in }
        #expect(try spool.places() == [id: [place]])
        try world.disk.remove(token)
        #expect(try spool.idsWithoutOneToken() == [id: []])
        _ = try spool.repair(id, policy: world.policy, isRestoring: true) { _ in }
        #expect(try spool.places() == [id: [JobPlace(state)]])
        #expect(try world.disk.read(SpoolLayout.token(id, in: state), limit: 1 << 20)?.bytes == bytes)
    }

    /// At every moment of a copy the job goes to its day folder; what is restored has it once, as what it was.
    @Test(arguments: [JobState.done, .failed, .canceled], [true, false])
    func archive_whileTheSpoolIsCopied_restoresTheJobOnce(state: JobState, readsAhead: Bool) throws {
        var (moment, isOver) = (0, false)
        var fates: Set<Int> = []
        while !isOver {
            let world = try SpoolWorld()
            try world.submit()
            switch state {
            case .done: _ = try world.finish(try world.claim())
            case .failed: _ = try world.spool.refuse(id, SpoolWorld.failure)
            default: _ = try world.spool.cancel(id)
            }
            // The day is not new: rsync knows its folder when it has read the one around it.
            if moment % 2 == 0 { try world.disk.makeFolder("\(state.rawValue)/\(today)") }
            let copying = SlowCopy(world: world, readsAhead: readsAhead, moment: moment / 2) {
                try world.archive(state)
            }
            let (copy, looks) = try copying.made()
            isOver = moment / 2 >= looks
            let restored = try SpoolWorld(state: copy, clock: world.clock, seed: 7)
            let places = try restored.spool.places()
            fates.insert(places[id]?.count ?? 0)
            for id in try restored.spool.allIDs() {
                _ = try restored.spool.repair(
                    id, policy: world.policy, isRestoring: true, known: places[id] ?? []
                ) { _ in }
            }
            let comment: Comment = "archived before look \(moment / 2), found at \(places[id] ?? [])"
            #expect(try restored.spool.places()[id]?.count == 1, comment)
            #expect(try restored.spool.state(of: id) == state, comment)
            try restored.recover()
            #expect(try restored.spool.state(of: id) == state, comment)
            #expect(try JobInspection(world: restored).violations() == [], comment)
            moment += 1
        }
        // The race was there: it was missed, or seen once or twice.
        #expect(fates.contains(1) && fates.count > 1)
    }
}

extension SpoolFolder {
    func recover(_ id: JobID, _ world: SpoolWorld) throws -> [RepairStep] {
        try repair(id, policy: world.policy) { _ in }
    }
}
