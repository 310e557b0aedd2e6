import JobCore
import Testing

@Suite("Spool layout")
struct SpoolLayoutTests {
    private let id = JobID(resembling: "film", random: 0)

    @Test func workAndTrash_sortAfterRunning_asRsyncReads() {
        for late in [SpoolLayout.work, SpoolLayout.trash] {
            #expect(late > JobState.running.rawValue && late > JobState.queued.rawValue)
        }
    }

    @Test func tokens_areNamedByIdAndState_andReadBack() {
        #expect(SpoolLayout.token(id, in: .done) == "done/film-000000.json")
        #expect(SpoolLayout.id(ofToken: "film-000000.json") == id)
        for name in ["film.JSON", "film", ".json", "Film.json", "a..b.json", "film.json.json~"] {
            #expect(SpoolLayout.id(ofToken: name) == nil, "\(name)")
        }
    }

    @Test func everyPathOfAJob_liesInItsRecord() {
        let record = SpoolLayout.record(id)
        #expect(record == "\(SpoolLayout.shard(id))/film-000000")
        for path in [
            SpoolLayout.birth(id), SpoolLayout.beat(id), SpoolLayout.run(id), SpoolLayout.progress(id),
            SpoolLayout.cancelWish(id), SpoolLayout.final(id), SpoolLayout.log(id), SpoolLayout.inputs(id),
            SpoolLayout.scratch(id, attempt: 3),
        ] { #expect(path.hasPrefix(record + "/")) }
        #expect(SpoolLayout.filmTarget(id, attempt: 3, name: "x.mp4") == "../\(record)/a3/x.mp4")
    }

    @Test func shards_areTwoHexDigits_spreadOverAll256() {
        var shards: Set<String> = []
        for number in 0..<5_000 {
            let shard = SpoolLayout.shard(JobID(resembling: "job", random: UInt32(number)))
            #expect(shard.wholeMatch(of: /work\/[0-9a-f]{2}/) != nil)
            shards.insert(shard)
        }
        #expect(shards.count == 256)
    }

    @Test(arguments: [
        ("a1", 1), ("a27", 27), ("a0", nil), ("a01", nil), ("a", nil), ("b1", nil), ("a-1", nil), ("a+1", nil),
    ])
    func scratchNames_areReadBack(name: String, attempt: Int?) {
        #expect(SpoolLayout.attempt(ofScratch: name) == attempt)
    }

    @Test func folders_haveNoTwins_andHoldEveryState() {
        #expect(Set(SpoolLayout.folders).count == SpoolLayout.folders.count)
        for state in JobState.allCases { #expect(SpoolLayout.folders.contains(state.rawValue)) }
    }

    @Test func longestId_leavesRoomForSuffixesInAFileName() throws {
        let long = try #require(JobID(String(repeating: "x", count: JobID.maximumLength)))
        let name = SpoolLayout.temporary(long, nonce: String(repeating: "z", count: 14))
        #expect(name.utf8.count < 200)
    }

    @Test(
        arguments: [
            ("/spool/work/a0/boats/a1/video.mp4", "/spool/work/a0/boats/in"),
            ("work/a0/boats/a12/x", "work/a0/boats/in"),
            ("/films/a/video.mp4", nil), ("/films/video.mp4", nil), ("video.mp4", nil), ("", nil), ("/a0/x", nil),
        ] as [(String, String?)])
    func inputs_areFoundBesideAnArtifact(path: String, folder: String?) {
        #expect(SpoolLayout.inputs(besideArtifact: path) == folder)
    }
}
