import GRDB
import Glibc
import JobCore
import Spool
import Testing

@Suite struct IndexDamageTests {
    private let folder: IndexFolder
    private let row = IndexSamples.row("boats", .done)

    init() throws { folder = try IndexFolder() }

    @Test func opening_aNewFile_asksForARefillUntilOneEnded() throws {
        let index = try JobIndex(path: folder.database)
        #expect(index.wasRebuilt)
        var batches = [[row], [IndexSamples.row("cat")]]
        try index.rebuild { batches.popLast() ?? [] }
        #expect(!index.wasRebuilt)
        #expect(try !JobIndex(path: folder.database).wasRebuilt)
        #expect(try index.counts()[.done] == 1)
    }

    @Test func opening_afterAHalfRefill_asksForAnother() throws {
        struct Stop: Error {}
        do {
            let index = try JobIndex(path: folder.database)
            try index.rebuild { [] }
            var isFirst = true
            #expect(throws: Stop.self) {
                try index.rebuild {
                    defer { isFirst = false }
                    return isFirst ? [row] : try { throw Stop() }()
                }
            }
        }
        let index = try JobIndex(path: folder.database)
        #expect(index.wasRebuilt)
        try index.rebuild { [] }
        #expect(try index.dump() == [])
    }

    @Test func rebuild_besideLiveChanges_keepsWhatIsNewer() async throws {
        let index = try JobIndex(path: folder.database)
        let (moved, gone) = (IndexSamples.row("moved", .queued, at: 1), IndexSamples.row("gone"))
        let other = IndexSamples.row("other")
        var current = IndexSamples.row("moved", .running, at: 1)
        current.stamp = 2
        let live = current
        let batches = AsyncThrowingStream<[IndexRow], any Error> { continuation in
            continuation.yield([other])
            continuation.yield([moved, gone])
            continuation.finish()
        }.map { batch in
            if batch == [moved, gone] { try await index.apply(upserts: [live], deletions: [gone.view.id]) }
            return batch
        }
        try await index.rebuild(from: batches)
        #expect(try await index.list(JobQuery(states: [.running])) == [live.view])
        #expect(try await index.matching(prefix: "", limit: 9).map(\.text) == ["moved", "other"])
        #expect(try await index.counts()[.queued] == 1)
    }

    @Test(arguments: ["", "-wal", "-shm"]) func deletion_ofAnOpenFile_isNoticedAndMended(suffix: String) throws {
        let index = try filled()
        unlink(folder.database + suffix)
        #expect(!index.isIntact())
        try reopened(index)
    }

    @Test(arguments: [("", false), ("", true), ("-wal", true)])
    func garbage_overAnOpenFile_isNoticedAndSetAside(suffix: String, keepingLength: Bool) throws {
        let index = try filled()
        let garbage = "this is no database, be sure of that"
        try folder.overwrite("jobs.sqlite" + suffix, with: garbage, keepingLength: keepingLength)
        #expect(!index.isIntact())
        try reopened(index)
        #expect(brokenSets() == 1)
    }

    @Test func garbage_beforeOpening_isSetAside_andOnlyTheLastSetIsKept() throws {
        for round in 0..<3 {
            try folder.overwrite("jobs.sqlite", with: "garbage \(round)")
            let index = try JobIndex(path: folder.database)
            #expect(index.wasRebuilt)
            #expect(index.isIntact())
            #expect(brokenSets() == 1)
        }
    }

    @Test func anotherVersion_isSetAside_notMigrated() throws {
        do { _ = try filled() }
        try DatabaseQueue(path: folder.database).write { try $0.execute(sql: "PRAGMA user_version = 99") }
        let index = try JobIndex(path: folder.database)
        #expect(index.wasRebuilt)
        #expect(try index.dump() == [])
        #expect(brokenSets() == 1)
    }

    @Test(arguments: ["DROP TABLE jobs", "UPDATE jobs SET status = 'LOST'", "UPDATE jobs SET params = '{'"])
    func rows_thatNoJobCanHave_areDamage_neverATrap(sql: String) throws {
        let index = try filled()
        try DatabaseQueue(path: folder.database).write { try $0.execute(sql: sql) }
        #expect(throws: IndexDamaged.self) { try index.view(row.view.id) }
        #expect(!index.isIntact())
        try reopened(index)
    }

    @Test func reopen_whileIntact_changesNothing() throws {
        let index = try filled()
        try index.reopen()
        #expect(!index.wasRebuilt)
        #expect(try index.view(row.view.id) == row.view)
        #expect(brokenSets() == 0)
    }

    @Test func replacement_byOneHandle_isTakenOverByTheOther() async throws {
        let (daemon, command) = (try filled(), try JobIndex(path: folder.database))
        try folder.overwrite("jobs.sqlite", with: "garbage")
        #expect(!(await daemon.isIntact()))
        try await daemon.reopen()
        try await daemon.rebuild(from: AsyncStream { $0.finish() })
        try await daemon.apply(upserts: [row])
        #expect(!(await command.isIntact()))
        try await command.reopen()
        #expect(!command.wasRebuilt)
        #expect(try await command.view(row.view.id) == row.view)
        // Closing what the other had open must not take the files of the new index away.
        #expect(await daemon.isIntact())
        #expect(await command.isIntact())
    }

    @Test func refill_ofAReplacedFile_doesNotPassForOneOfTheNew() throws {
        let index = try filled()
        var batches = [[row]]
        try index.rebuild {
            guard let batch = batches.popLast() else { return [] }
            unlink(folder.database)
            try index.reopen()
            return batch
        }
        #expect(index.wasRebuilt)
    }

    @Test func readOnly_changesNothing() throws {
        #expect(throws: IndexDamaged.self) { try JobIndex(path: folder.database, readOnly: true) }
        #expect(folder.names() == [])
        let index = try filled()
        let reader = try JobIndex(path: folder.database, readOnly: true)
        #expect(!reader.wasRebuilt)
        #expect(try reader.dump() == index.dump())
        #expect(reader.isIntact())
        #expect(throws: Failure.self) { try reader.apply(upserts: [row]) }
        #expect(reader.isIntact())
    }

    @Test func twoHandles_writingAtOnce_neverMeetABusyDatabase() async throws {
        let handles = [try JobIndex(path: folder.database), try JobIndex(path: folder.database)]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, handle) in handles.enumerated() {
                group.addTask {
                    for turn in 0..<150 {
                        try await handle.apply(upserts: [IndexSamples.row("job-\(number)-\(turn)", at: Int64(turn))])
                        _ = try await handle.counts()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await handles[0].counts()[.queued] == 300)
        for handle in handles { #expect(await handle.isIntact()) }
    }

    @Test func folder_thatIsMissing_isAFailure() throws {
        #expect(throws: Failure.self) { try JobIndex(path: "\(folder.path)/nowhere/jobs.sqlite") }
    }

    /// An index that knows one job and is complete.
    private func filled() throws -> JobIndex {
        let index = try JobIndex(path: folder.database)
        var batches = [[row]]
        try index.rebuild { batches.popLast() ?? [] }
        return index
    }

    private func reopened(_ index: JobIndex) throws {
        try index.reopen()
        #expect(index.wasRebuilt)
        #expect(index.isIntact())
        try index.rebuild { [] }
        try index.apply(upserts: [row])
        #expect(try index.list(JobQuery()) == [row.view])
    }

    private func brokenSets() -> Int {
        Set(folder.names().filter { $0.contains(".broken-") }.map { $0.split(separator: "-")[1] }).count
    }
}
