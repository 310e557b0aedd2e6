import GRDB
import JobCore
import Spool
import Testing

@Suite struct IndexQueryTests {
    private let folder: IndexFolder
    private let index: JobIndex

    init() throws {
        folder = try IndexFolder()
        index = try JobIndex(path: folder.database)
    }

    @Test(arguments: 1...5) func view_afterApply_isWhatWasGiven(seed: UInt64) throws {
        var samples = IndexSamples(seed: seed)
        let rows = (0..<200).map { samples.row(id: "job-\($0)") }
        try index.apply(upserts: rows)
        let differing = try rows.filter { try index.view($0.view.id) != $0.view }
        #expect(differing == [])
        let stamps = try JobState.allCases.reduce(into: [:]) { stamps, state in
            stamps.merge(try index.ids(at: JobPlace(state))) { first, _ in first }
        }
        #expect(stamps == Dictionary(uniqueKeysWithValues: rows.map { ($0.view.id, $0.stamp) }))
    }

    @Test func view_ofAnUnknownJob_isNil() throws { #expect(try index.view(IndexSamples.id("nobody")) == nil) }

    @Test(arguments: [Set<JobState>(), [.queued], [.queued, .done], Set(JobState.allCases)])
    func pages_overEqualTimes_neitherRepeatNorSkip(states: Set<JobState>) throws {
        let rows = (0..<60).map { number in
            IndexSamples.row("job-\(number)", [.queued, .done, .failed][number % 3], at: Int64(number / 20))
        }
        try index.apply(upserts: rows.shuffled())
        var (seen, cursor): ([JobView], JobCursor?) = ([], nil)
        repeat {
            let page = try index.list(JobQuery(states: states, limit: 7, after: cursor))
            seen += page
            cursor = page.last.map { JobCursor($0) }
        } while cursor != nil
        let wanted = rows.map(\.view).filter { states.isEmpty || states.contains($0.state) }
        #expect(seen == wanted.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) })
    }

    @Test func list_ofAType_showsThatTypeOnly() throws {
        try index.apply(upserts: [
            IndexSamples.row("a", type: "TTS"), IndexSamples.row("b", type: "RENDER"),
            IndexSamples.row("c", type: "o'k\""),
        ])
        #expect(try index.list(JobQuery(types: ["TTS", "o'k\""])).map(\.id.text) == ["c", "a"])
        #expect(try index.list(JobQuery(states: [.done], types: ["TTS"])) == [])
    }

    @Test(arguments: [("ÜBER", ["b"]), ("100%", ["a"]), ("a_", []), ("boat", ["boat"]), ("", ["boat", "b", "a"])])
    func list_ofAText_looksIntoIdAndPromptInAnyCase(text: String, ids: [String]) throws {
        var rows = [IndexSamples.row("a"), IndexSamples.row("b"), IndexSamples.row("boat")]
        rows[0].view.prompt = "100% sharp"
        rows[1].view.prompt = "Über den Dächern"
        try index.apply(upserts: rows)
        #expect(try index.list(JobQuery(text: text)).map(\.id.text) == ids)
    }

    @Test func limit_ofOneAnd500_isTaken_0And501AreNot() throws {
        try index.apply(upserts: (0..<501).map { IndexSamples.row("job-\($0)", at: Int64($0)) })
        #expect(try index.list(JobQuery(limit: 500)).count == 500)
        #expect(try index.list(JobQuery(limit: 1)).map(\.id.text) == ["job-500"])
        #expect(try index.list(JobQuery()).count == 50)
        for limit in [0, 501] {
            let failure = #expect(throws: Failure.self) { try JobQuery(limit: limit) }
            #expect(failure?.code == .configError)
        }
    }

    @Test func counts_afterAnyChanges_equalTheRows() throws {
        var samples = IndexSamples(seed: 7)
        for _ in 0..<40 {
            let upserts = (0..<samples.int(20)).map { _ in samples.row(id: "job-\(samples.int(60))") }
            let deletions = (0..<samples.int(10)).map { _ in IndexSamples.id("job-\(samples.int(60))") }
            try index.apply(upserts: upserts, deletions: deletions)
            let (kept, counted) = try DatabaseQueue(path: folder.database).read { database in
                let truth = "SELECT status, type, count(*) AS n FROM jobs GROUP BY 1, 2 ORDER BY 1, 2"
                return (
                    try Row.fetchAll(database, sql: "SELECT status, type, n FROM counts ORDER BY 1, 2"),
                    try Row.fetchAll(database, sql: truth)
                )
            }
            try #require(kept == counted)
        }
        let counts = try index.counts()
        #expect(Set(counts.keys) == Set(JobState.allCases))
        for state in JobState.allCases { #expect(try index.ids(at: JobPlace(state)).count == counts[state]) }
    }

    @Test func heartbeatsAndProgress_reachRunningJobsOnly() throws {
        try index.apply(upserts: [IndexSamples.row("runs", .running), IndexSamples.row("done", .done)])
        let moment = Timestamp(milliseconds: 1_800_000_000_000)
        try index.touchHeartbeats([(IndexSamples.id("runs"), moment), (IndexSamples.id("done"), moment)])
        for id in ["runs", "done"] { try index.setProgress(IndexSamples.id(id), 42, "frame 42") }
        var running = IndexSamples.row("runs", .running).view
        (running.heartbeatAt, running.progress, running.progressMessage) = (moment, 42, "frame 42")
        #expect(try index.view(running.id) == running)
        #expect(try index.view(IndexSamples.id("done")) == IndexSamples.row("done", .done).view)
    }

    @Test func names_areFoundByPrefixAndByAge() throws {
        try index.apply(upserts: [
            IndexSamples.row("boats", .done, at: 5), IndexSamples.row("boats-2", .failed, at: 9),
            IndexSamples.row("cat", at: 7),
        ])
        #expect(try index.matching(prefix: "boat", limit: 9).map(\.text) == ["boats", "boats-2"])
        #expect(try index.matching(prefix: "boat", limit: 1).map(\.text) == ["boats"])
        #expect(try index.matching(prefix: "x%", limit: 9) == [])
        #expect(try index.newest(in: nil)?.text == "boats-2")
        #expect(try index.newest(in: .done)?.text == "boats")
        #expect(try index.newest(in: .canceled) == nil)
    }

    @Test func stamps_ofFolders_areKeptUntilForgotten() throws {
        #expect(try index.stamp(ofFolder: "done") == nil)
        try index.setStamp("1:2:3", ofFolder: "done")
        try index.setStamp("4", ofFolder: "done")
        #expect(try index.stamp(ofFolder: "done") == "4")
        try index.setStamp(nil, ofFolder: "done")
        #expect(try index.stamp(ofFolder: "done") == nil)
    }

    @Test func calls_withAwait_answerAsThoseWithout() async throws {
        let rows = [IndexSamples.row("a", .running), IndexSamples.row("b", at: 3)]
        try await index.apply(upserts: rows, deletions: [])
        try await index.setProgress(rows[0].view.id, 9, "")
        #expect(try await index.view(rows[0].view.id)?.progress == 9)
        #expect(try await index.list(JobQuery()).map(\.id.text) == ["b", "a"])
        #expect(try await index.counts()[.running] == 1)
        #expect(try await index.dump().count == 2)
        #expect(await index.isIntact())
    }
}
