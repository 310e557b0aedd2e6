import JobCore
import Spool
import TestSupport
import Testing

/// The index of a spool with day folders.
@Suite("Index of day folders")
struct IndexDayTests {
    private let spool: TemporarySpool
    private let index: JobIndex
    private let ids: [JobID]

    /// Five refused jobs, of which two are at rest, and an index that knows them all.
    init() throws {
        // By a clock that is ahead, so that no stamp of a folder is too young to be trusted.
        spool = try TemporarySpool(now: { TemporarySpool.realTime().advanced(byMilliseconds: 60_000) })
        ids = (0..<5).map { JobID(resembling: "job", random: $0) }
        for id in ids {
            let submission = Submission(document: SpoolWorld.document(), naming: .exactly(id))
            _ = try spool.folder.submit([submission])[0].get()
            #expect(try spool.folder.refuse(id, SpoolWorld.failure))
        }
        for result in spool.folder.archive([ids[0], ids[1]], in: .failed) { _ = try Self.day(result) }
        index = try JobIndex(path: spool.folder.absolute(SpoolLayout.indexFile))
        try IndexRefresh(folder: spool.folder, index: index).refresh()
    }

    private static func day(_ result: SpoolFolder.ArchiveResult) throws -> Day {
        guard case .archived(let day) = result else { throw SpoolWorld.NotArchived(results: [result]) }
        return day
    }

    private func place(_ id: JobID) throws -> JobPlace { try #require(try spool.folder.place(of: id)) }

    /// Brings the index up to date. - Returns: how much there was to do.
    private func refresh() throws -> Int { try IndexRefresh(folder: spool.folder, index: index).refresh() }

    private func expectEqualToARebuild() throws {
        let fresh = try JobIndex(path: spool.outside + "/fresh.sqlite")
        try IndexRefresh(folder: spool.folder, index: fresh).rebuild()
        let (kept, made) = (try index.dump(), try fresh.dump())
        #expect(kept == made)
        #expect(try index.counts() == fresh.counts())
    }

    @Test func refresh_ofAnIndexThatKnowsAll_hasNothingToDo() throws {
        #expect(try index.counts()[.failed] == 5)
        #expect(try index.view(ids[0])?.day == place(ids[0]).day)
        #expect(try index.view(ids[4])?.day == nil)
        // The first look after the refill brings the stamps of the folders.
        _ = try refresh()
        #expect(try refresh() == 0)
        try expectEqualToARebuild()
    }

    @Test func refresh_afterAJobWentToRest_movesItsRow() throws {
        _ = try refresh()
        #expect(spool.folder.archive([ids[2]], in: .failed).count == 1)
        #expect(try refresh() == 1)
        try expectEqualToARebuild()
    }

    @Test func refresh_afterRmInADayFolderAlone_forgetsTheRow() throws {
        _ = try refresh()
        try spool.files.remove(SpoolLayout.token(ids[0], at: try place(ids[0])))
        #expect(try refresh() == 1)
        #expect(try index.view(ids[0]) == nil)
        try expectEqualToARebuild()
    }

    @Test func refresh_afterADayFolderWasMovedToAnotherState_followsIt() throws {
        _ = try refresh()
        let day = try place(ids[0]).day
        let (old, new) = (JobPlace(.failed, on: day), JobPlace(.done, on: day))
        try spool.files.rename(SpoolLayout.folder(of: old), SpoolLayout.folder(of: new), .noReplace)
        _ = try refresh()
        #expect(try index.counts()[.done] == 2)
        try expectEqualToARebuild()
    }

    @Test func refresh_afterADayFolderWasRemoved_forgetsItsRows() throws {
        _ = try refresh()
        let folder = try SpoolLayout.folder(of: place(ids[0]))
        for id in ids.prefix(2) { try spool.files.remove("\(folder)/\(id).json") }
        try spool.files.removeFolder(folder)
        _ = try refresh()
        #expect(try index.counts()[.failed] == 3)
        #expect(try index.stamps()[folder] == nil)
        try expectEqualToARebuild()
    }

    @Test func refreshOfADayFolder_afterAnEditInPlace_seesIt() throws {
        _ = try refresh()
        let place = try place(ids[0])
        var document = try #require(try spool.folder.document(ids[0], at: place))
        document[.params] = ["prompt": "edited"]
        try spool.files.overwrite(SpoolLayout.token(ids[0], at: place), document.bytes)
        #expect(try refresh() == 0, "an edit in place changes no folder")
        #expect(try IndexRefresh(folder: spool.folder, index: index).refresh(place) == 1)
        #expect(try index.view(ids[0])?.prompt == "edited")
    }

    @Test func lists_withoutAnIndex_readDayFoldersToo() async throws {
        try spool.files.removeFolderWithFiles(SpoolLayout.index)
        try spool.drop(SpoolLayout.index, [])
        let catalog = JobCatalog(folder: spool.folder)
        #expect(try await catalog.list(try JobQuery(states: [.failed])).count == 5)
        #expect(try await catalog.ids(startingWith: "job-", limit: 9).count == 5)
        #expect(try await catalog.ids(startingWith: ids[0].text, limit: 9) == [ids[0]])
    }
}

extension FileSystem {
    fileprivate func removeFolderWithFiles(_ folder: String) throws {
        for entry in try list(folder) { try remove("\(folder)/\(entry.name)") }
        try removeFolder(folder)
    }
}
