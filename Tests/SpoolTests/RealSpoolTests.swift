import Foundation
import JobCore
import Spool
import TestSupport
import Testing

/// The operations on the real disk, with what lies where after each.
@Suite("Spool on a real disk")
struct RealSpoolTests {
    private let spool: TemporarySpool
    private let id = JobID(resembling: "film", random: 0)

    init() throws { spool = try TemporarySpool(durability: .full) }

    private var folder: SpoolFolder { spool.folder }

    private func submit(attachments: [Submission.Attachment] = []) throws {
        let submission = Submission(
            document: SpoolWorld.document(), naming: .exactly(id), attachments: attachments)
        #expect(try folder.submit([submission]).map { try $0.get() } == [id])
    }

    private func claim() throws -> ClaimedJob {
        guard case .claimed(let job) = try folder.claim(id, owner: SpoolWorld.owner) else {
            throw SpoolWorld.NotClaimed()
        }
        return job
    }

    private func finish() throws {
        let job = try claim()
        try spool.drop("\(SpoolLayout.scratch(id, attempt: job.attempt))/film.mp4", SpoolWorld.movie)
        let film = Artifact(name: "film.mp4", kind: .video, bytes: Int64(SpoolWorld.movie.count), sha256: "")
        #expect(folder.finish([JobEnding(job, .done([film]))]) == [.recorded])
    }

    /// Every file of the spool but the fixed ones of `meta/`, and the names in the job's record.
    private func expect(_ state: JobState?, record: [String], films: [String] = []) throws {
        for other in JobState.allCases {
            #expect(spool.listing(other.rawValue) == (other == state ? ["\(id).json"] : []), "\(other)")
        }
        #expect(spool.listing(SpoolLayout.record(id)) == record)
        #expect(spool.listing(SpoolLayout.films) == films)
        for empty in [SpoolLayout.temporary, SpoolLayout.trash, SpoolLayout.quarantine, SpoolLayout.inbox] {
            #expect(spool.listing(empty) == [], "\(empty)")
        }
    }

    @Test func submit_makesARecordAndAToken() throws {
        try submit()
        try expect(.queued, record: ["beat", "job.json"])
        let token = try #require(try spool.files.status(SpoolLayout.token(id, in: .queued)))
        #expect(token.linkCount == 2)
    }

    @Test func submit_withAnAttachment_copiesIt() throws {
        let source = spool.outside + "/cat.png"
        try Data("a cat".utf8).write(to: URL(fileURLWithPath: source))
        try submit(attachments: [Submission.Attachment(name: "cat.png", source: source)])
        try expect(.queued, record: ["beat", "in/", "in/cat.png", "job.json"])
    }

    @Test func submit_withAnAttachmentThatIsALink_isRefusedWithoutATrace() throws {
        let source = spool.outside + "/cat.png"
        try FileManager.default.createSymbolicLink(atPath: source, withDestinationPath: "/etc/hostname")
        let submission = Submission(
            document: SpoolWorld.document(), naming: .exactly(id),
            attachments: [Submission.Attachment(name: "cat.png", source: source)])
        let result = folder.submit([submission])[0]
        #expect(throws: Failure.self) { try result.get() }
        #expect(try folder.allIDs() == [])
    }

    @Test func submit_twiceTheSame_answersTheSameJob() throws {
        try submit()
        try submit()
        try expect(.queued, record: ["beat", "job.json"])
        let other = Submission(document: SpoolWorld.document("another"), naming: .exactly(id))
        #expect(throws: Failure.self) { try folder.submit([other])[0].get() }
    }

    @Test func claim_movesTheTokenAndRecordsTheAttempt() throws {
        try submit()
        let job = try claim()
        try expect(.running, record: ["a1/", "beat", "job.json", "run.json"])
        #expect(job.attempt == 1 && job.document.rev == 2)
        guard case .gone = try folder.claim(JobID(resembling: "unknown", random: 0), owner: SpoolWorld.owner) else {
            Issue.record("claimed what is not there")
            return
        }
        withExtendedLifetime(job) {}
    }

    @Test func claim_ofWhatWritesNothing_makesNoFolder_andUsesNoNumberTwice() throws {
        try submit()
        for attempt in 1...2 {
            guard case .claimed(let job) = try folder.claim(id, owner: SpoolWorld.owner, isWriting: { _ in false })
            else {
                Issue.record("not claimed")
                return
            }
            #expect(job.attempt == attempt)
            try expect(.running, record: ["beat", "job.json", "run.json"])
            #expect(try folder.requeue(job, after: .zero, .nothing))
        }
        try spool.files.makeFolder(SpoolLayout.scratch(id, attempt: 3))
        guard case .claimed(let job) = try folder.claim(id, owner: SpoolWorld.owner, isWriting: { _ in false }) else {
            Issue.record("not claimed")
            return
        }
        #expect(job.attempt == 4)
    }

    @Test func finish_done_publishesTheFilmUnderAHumanName() throws {
        try submit()
        try finish()
        try expect(
            .done, record: ["a1/", "a1/film.mp4", "beat", "final.json", "job.json", "run.json"],
            films: ["film-000000.mp4"])
        #expect(FileManager.default.contents(atPath: spool.root + "/films/film-000000.mp4") == Data(SpoolWorld.movie))
        let view = try #require(try folder.view(id))
        #expect(view.progress == 100)
        #expect(view.outputURLs == ["file://\(spool.root)/\(SpoolLayout.scratch(id, attempt: 1))/film.mp4"])
    }

    @Test func finish_failed_keepsNoFilesOfTheAttempt() throws {
        try submit()
        let job = try claim()
        try spool.drop("\(SpoolLayout.scratch(id, attempt: 1))/half.mp4", [1, 2, 3])
        #expect(folder.finish([JobEnding(job, .failed(SpoolWorld.failure))]) == [.recorded])
        try expect(.failed, record: ["beat", "final.json", "job.json", "run.json"])
        #expect(try folder.view(id)?.error == SpoolWorld.failure)
    }

    @Test func cancel_queuedAndAgain_answersTheSame() throws {
        try submit()
        #expect(try folder.cancel(id) == .canceled)
        #expect(try folder.cancel(id) == .canceled)
        try expect(.canceled, record: ["beat", "job.json"])
        #expect(try folder.cancel(JobID(resembling: "unknown", random: 0)) == .missing)
    }

    @Test func cancel_done_isToldAndLeavesNoWish() throws {
        try submit()
        try finish()
        #expect(try folder.cancel(id) == .ended(.done))
        #expect(try spool.files.status(SpoolLayout.cancelWish(id)) == nil)
    }

    @Test func retry_ofADoneJob_runsAsTheNextAttempt() throws {
        try submit()
        try finish()
        try folder.retry(id, changes: ["prompt": "ships"])
        try expect(.queued, record: ["a1/", "a1/film.mp4", "beat", "final.json", "job.json", "run.json"])
        try finish()
        #expect(try folder.view(id)?.attempt == 2)
        #expect(try folder.view(id)?.prompt == "ships")
        #expect(throws: Failure.self) { try folder.retry(JobID(resembling: "unknown", random: 0)) }
    }

    @Test func retry_ofAQueuedJob_isRefused() throws {
        try submit()
        #expect(throws: Failure.self) { try folder.retry(id) }
    }

    @Test func delete_removesEverything() throws {
        try submit()
        try finish()
        #expect(try folder.delete(id) == .deleted(artifacts: 1))
        try expect(nil, record: [])
        #expect(try folder.delete(id) == .missing)
        #expect(try folder.allIDs() == [])
    }

    @Test func delete_ofARunningJob_isRefused() throws {
        try submit()
        let job = try claim()
        #expect(try folder.delete(id) == .running)
        withExtendedLifetime(job) {}
    }

    @Test func prepare_tellsNewFromKnownFromRestored() throws {
        #expect(spool.origin == .new)
        #expect(try folder.prepare() == .known)
        try submit()
        let copy = spool.outside + "/copy"
        try FileManager.default.copyItem(atPath: spool.root, toPath: copy)
        let restored = SpoolFolder(files: try LinuxFileSystem(root: copy), root: copy, now: TemporarySpool.realTime)
        #expect(try restored.prepare() == .restored)
        // Whoever was killed before every job was looked at leaves it a copy.
        #expect(try restored.prepare() == .restored)
        try restored.confirmIdentity()
        #expect(try restored.prepare() == .known)
        #expect(try restored.arePaidLanesPaused())
        #expect(try folder.prepare() == .known)
        #expect(try folder.arePaidLanesPaused() == false)
        #expect(try restored.view(id)?.state == .queued)
    }

    @Test func prepare_ofANewerFormat_isRefused() throws {
        try spool.drop(SpoolLayout.format, Array(#"{"format": 2}"#.utf8))
        #expect(throws: Failure.self) { try folder.prepare() }
    }

    /// By the processor's own instructions, where it has some: the same as without, wherever a block may end.
    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1_000_003])
    func digest_ofAFile_isThatOfItsBytes(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
        try spool.drop("tmp/bytes", bytes)
        #expect(try spool.files.digest("tmp/bytes") == FileDigest(bytes: Int64(count), sha256: SHA256.hex(of: bytes)))
    }
}
