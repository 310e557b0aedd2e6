import Foundation
import JobCore
import TestSupport
import Testing

@testable import Spool

/// The index beside the folders that it tells of, on a real disk.
@Suite struct IndexRefreshTests {
    private typealias Rows = ReadAhead<(JobID, JobState), IndexRow>

    private let spool: TemporarySpool
    private var path: String { spool.folder.absolute(SpoolLayout.indexFile) }

    /// A minute later than the kernel's clock, by which every folder has rested long enough to be trusted.
    init() throws { spool = try TemporarySpool { TemporarySpool.realTime().advanced(byMilliseconds: 60_000) } }

    private func drop(_ count: Int, _ state: JobState = .done) throws {
        for number in 0..<count {
            try spool.drop("\(state.rawValue)/\(state.rawValue)-\(number).json", Array(#"{"type":"NOOP"}"#.utf8))
        }
    }

    @Test func rebuild_ofMoreJobsThanThreadsReadAtOnce_hasEachOnce() throws {
        let count = Rows.pieceSize * (Rows.threads + 2) + 7
        try drop(count)
        try drop(3, .failed)
        let index = try JobIndex(path: path)
        #expect(try IndexRefresh(folder: spool.folder, index: index).rebuild() == count + 3)
        #expect(try index.counts() == [.queued: 0, .running: 0, .done: count, .failed: 3, .canceled: 0])
        #expect(try Set(index.ids(at: JobPlace(.done)).keys) == Set(spool.folder.ids(in: .done)))
    }

    @Test func rebuild_ofFoldersAtRest_remembersThem() throws {
        try drop(2)
        let index = try JobIndex(path: path)
        let refresh = IndexRefresh(folder: spool.folder, index: index)
        try refresh.rebuild()
        for state in JobState.allCases { #expect(try index.stamp(ofFolder: state.rawValue) != nil) }
        #expect(try refresh.difference().isEmpty)
        try drop(1, .canceled)
        #expect(try refresh.difference().changed == [#require(JobID("canceled-0")): .canceled])
        #expect(try refresh.refresh() == 1)
        #expect(try refresh.difference().isEmpty)
    }

    @Test func list_ofAnUnchangedSpool_writesNothing() async throws {
        try drop(5)
        let catalog = JobCatalog(folder: spool.folder)
        let query = try JobQuery()
        #expect(try await catalog.list(query).count == 5)
        let bytes = try Data(contentsOf: URL(filePath: path))
        #expect(try await catalog.list(query).count == 5)
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
        let log = try? Data(contentsOf: URL(filePath: path + "-wal"))
        #expect(log?.isEmpty ?? true)
    }

    @Test func list_afterAChange_tellsIt() async throws {
        try drop(1)
        let catalog = JobCatalog(folder: spool.folder)
        #expect(try await catalog.list(JobQuery()).map(\.state) == [.done])
        try FileManager.default.moveItem(
            atPath: "\(spool.root)/done/done-0.json", toPath: "\(spool.root)/canceled/done-0.json")
        #expect(try await catalog.list(JobQuery()).map(\.state) == [.canceled])
    }

    @Test func reading_thatMeetsAnError_throwsIt() throws {
        struct Broken: Error {}
        let jobs = try (0..<Rows.pieceSize * 20).map { (try #require(JobID("job\($0)")), JobState.done) }
        let reading = Rows(jobs) { job in
            if job.0.text == "job7000" { throw Broken() }
            return nil
        }
        #expect(throws: Broken.self) { try reading.forEachBatch { _ in } }
    }

    @Test func reading_whoseRowsCannotBeWritten_ends() throws {
        struct Full: Error {}
        let jobs = try (0..<Rows.pieceSize * 40).map { (try #require(JobID("job\($0)")), JobState.done) }
        let reading = Rows(jobs) { job in IndexSamples.row(job.0.text, job.1) }
        #expect(throws: Full.self) { try reading.forEachBatch { _ in throw Full() } }
    }

    @Test func reading_ofNoJobs_handsOverNothing() throws {
        try Rows([]) { _ in nil }.forEachBatch { _ in Issue.record("there are no rows") }
    }
}
