import Foundation
import Glibc
import JobCore
import Spool
import TestSupport
import Testing

/// Files of the spool that say or are what no program of ours wrote: nothing traps, and no job is held up for ever.
@Suite("Hostile files")
struct HostileFileTests {
    private let spool: TemporarySpool
    private let id = JobID(resembling: "film", random: 0)
    private let policy: Policy

    init() throws {
        spool = try TemporarySpool()
        policy = try Policy()
    }

    private var folder: SpoolFolder { spool.folder }

    private func admit() throws -> Admission { try folder.admit("\(id).json", isClosed: true, policy: policy) }

    private func claim() throws -> ClaimedJob {
        guard case .claimed(let job) = try folder.claim(id, owner: SpoolWorld.owner) else {
            throw SpoolWorld.NotClaimed()
        }
        return job
    }

    private func submit(_ document: JobDocument = SpoolWorld.document()) throws {
        _ = try folder.submit([Submission(document: document, naming: .exactly(id))])[0].get()
    }

    private func repair() throws -> [RepairStep] { try folder.repair(id, policy: policy) { _ in } }

    // MARK: - Numbers and times

    @Test(arguments: [Int64.max, .min, -1, 1 << 40])
    func drop_withHugeCounts_livesAWholeLife(number: Int64) throws {
        let text = #"{"type": "NOOP", "rev": \#(number), "attempt": \#(number), "priority": 1}"#
        try spool.drop("queued/\(id).json", Array(text.utf8))
        guard case .ready = try admit() else {
            Issue.record("not admitted")
            return
        }
        var job = try claim()
        #expect(try folder.requeue(job, after: .zero, .failure, SpoolWorld.failure))
        job = try claim()
        #expect(folder.finish([JobEnding(job, .failed(SpoolWorld.failure))]) == [.recorded])
        try folder.retry(id)
        #expect(try folder.cancel(id) == .canceled)
        #expect(try folder.view(id)?.state == .canceled)
    }

    @Test func run_withHugeCounts_isRecovered() throws {
        try submit()
        try claim().lock.release()
        let text =
            #"{"attempt": 1, "rev": 2, "failures": \#(Int64.max), "crashes": \#(Int64.max), "daemon_start": -1, "#
            + #""last_crash_start": \#(Int64.max), "started_at": "2026-11-23T14:03:55Z"}"#
        try spool.drop(SpoolLayout.run(id), Array(text.utf8))
        _ = try repair()
        #expect(try folder.state(of: id) == .queued)
    }

    @Test(arguments: ["9223372036854775807", "99999999999999999999", "-1", "", "\u{0}"])
    func starts_ofNonsense_countFromZero(text: String) throws {
        try spool.drop(SpoolLayout.starts, Array(text.utf8))
        try folder.countDaemonStart()
        #expect(try folder.daemonStarts() == 1)
    }

    @Test(arguments: [Int64.max, .min, -1, 13_569_465_600_000])
    func modificationTime_beyondWhatNanosecondsHold_isReadWithoutATrap(milliseconds: Int64) throws {
        try submit()
        try spool.files.setModified(SpoolLayout.token(id, in: .queued), Timestamp(milliseconds: milliseconds))
        let status = try #require(try spool.files.status(SpoolLayout.token(id, in: .queued)))
        #expect((status.modified > 0) == (milliseconds > 0))
        #expect(try folder.view(id)?.state == .queued)
        guard case .ready = try admit() else {
            Issue.record("not admitted")
            return
        }
    }

    @Test func notBefore_beyondWhatTheDiskHolds_isSetOnce() throws {
        try spool.drop("queued/\(id).json", Array(#"{"type": "NOOP", "not_before": "9999-12-31T23:59:59Z"}"#.utf8))
        guard case .ready(let first) = try admit() else {
            Issue.record("not admitted")
            return
        }
        #expect(first.notBefore != nil)
        let before = try spool.files.status("queued/\(id).json")
        guard case .ready(let second) = try admit() else {
            Issue.record("not admitted again")
            return
        }
        #expect(second.notBefore.map { $0 > folder.wallTime } == true)
        // Setting it anew would be an event, which would lead to another look, and so on for ever.
        #expect(try spool.files.status("queued/\(id).json") == before)
    }

    // MARK: - Sizes

    @Test func job_thatGrowsWhenItIsRewritten_staysReadable() throws {
        let text = #"{"type": "NOOP", "x": "\#(String(repeating: "\u{7F}", count: 400_000))"}"#
        try spool.drop("queued/\(id).json", Array(text.utf8))
        guard case .ready = try admit() else {
            Issue.record("not admitted")
            return
        }
        #expect(try folder.requeue(try claim(), after: .zero, .nothing))
        #expect(try #require(try spool.files.status("queued/\(id).json")).size > JobDocument.maximumBytes)
        guard case .ready = try admit() else {
            Issue.record("not admitted again")
            return
        }
        #expect(folder.finish([JobEnding(try claim(), .done([]))]) == [.recorded])
        #expect(try folder.view(id)?.state == .done)
    }

    @Test func submit_ofMoreThanTheLimit_isRefusedWithoutATrace() throws {
        func document(padding: Int) -> JobDocument {
            JobDocument(["type": "NOOP", "x": .string(String(repeating: "x", count: padding))])
        }
        let room = JobDocument.maximumBytes - JSONWriter.compact(.object(document(padding: 0).fields)).utf8.count
        let failure = #expect(throws: Failure.self) { try submit(document(padding: room + 1)) }
        #expect(failure?.code == .invalidJob)
        #expect(try folder.allIDs() == [])
        try submit(document(padding: room))
        #expect(try folder.view(id)?.state == .queued)
    }

    // MARK: - Names

    @Test(arguments: ["../../escaped", "a/b", ".hidden", "-y", "", ".."])
    func attachment_withAnIllegalName_isRefused(name: String) throws {
        try spool.drop("inbox/source", [1])
        let source = "\(spool.root)/inbox/source"
        let submission = Submission(
            document: SpoolWorld.document(), naming: .exactly(id),
            attachments: [Submission.Attachment(name: name, source: source)])
        let failure = #expect(throws: Failure.self) { try folder.submit([submission])[0].get() }
        #expect(failure?.code == .invalidJob)
        #expect(try folder.allIDs() == [])
    }

    @Test(arguments: ["é", "漢", "🎬", "x"])
    func setAside_ofALongName_endsItBetweenCharacters(character: String) throws {
        let name = "x" + String(repeating: character, count: 240 / character.utf8.count) + ".json"
        try spool.drop("queued/\(name)", Array("[1]".utf8))
        guard case .setAside = try folder.admit(name, isClosed: true, policy: policy) else {
            Issue.record("not set aside")
            return
        }
        let kept = spool.listing(SpoolLayout.quarantine)
        #expect(kept.count == 2)
        for name in kept {
            #expect(!name.unicodeScalars.contains("\u{FFFD}"), "\(name)")
            #expect(name.utf8.count <= 255)
        }
    }

    @Test func film_withANameTooLongForALink_isPublishedAndDeleted() throws {
        let id = try #require(JobID("x" + String(repeating: "y", count: 95)))
        let name = "f." + String(repeating: "z", count: 190)
        _ = try folder.submit([Submission(document: SpoolWorld.document(), naming: .exactly(id))])[0].get()
        guard case .claimed(let job) = try folder.claim(id, owner: SpoolWorld.owner) else {
            throw SpoolWorld.NotClaimed()
        }
        try spool.drop("\(SpoolLayout.scratch(id, attempt: 1))/\(name)", SpoolWorld.movie)
        let film = Artifact(name: name, kind: .video, bytes: Int64(SpoolWorld.movie.count), sha256: "")
        #expect(folder.finish([JobEnding(job, .done([film]))]) == [.recorded])
        #expect(spool.listing(SpoolLayout.films) == [id.text])
        #expect(try folder.delete(id) == .deleted(artifacts: 1))
        #expect(spool.listing(SpoolLayout.films) == [])
    }

    // MARK: - Things in place of files

    /// What may lie where a file of the record belongs.
    enum Stranger: CaseIterable { case link, folder, fifo, gigabyte, text }

    private func put(_ stranger: Stranger, at path: String) throws {
        let absolute = "\(spool.root)/\(path)"
        try? FileManager.default.removeItem(atPath: absolute)
        switch stranger {
        case .link: try FileManager.default.createSymbolicLink(atPath: absolute, withDestinationPath: "/etc/hostname")
        case .folder: try FileManager.default.createDirectory(atPath: absolute, withIntermediateDirectories: false)
        case .fifo: #expect(mkfifo(absolute, 0o600) == 0)
        case .gigabyte:
            try spool.drop(path, [])
            #expect(truncate(absolute, 1 << 30) == 0)
        case .text: try spool.drop(path, Array("no JSON at all".utf8))
        }
    }

    @Test(arguments: Stranger.allCases)
    func record_ofStrangers_isRecoveredAndShown(stranger: Stranger) throws {
        try submit()
        try claim().lock.release()
        for path in [SpoolLayout.run(id), SpoolLayout.final(id), SpoolLayout.progress(id), SpoolLayout.birth(id)] {
            try put(stranger, at: path)
        }
        #expect(try folder.view(id)?.state == .running)
        #expect(try repair() == [.requeue(.nothing)])
        #expect(try folder.view(id)?.state == .queued)
    }

    @Test(arguments: Stranger.allCases)
    func wishToCancel_whateverItIs_isAWish(stranger: Stranger) throws {
        try submit()
        try put(stranger, at: SpoolLayout.cancelWish(id))
        // A folder cannot be removed by what removes files; the job itself is canceled all the same.
        do { _ = try folder.claim(id, owner: SpoolWorld.owner) } catch { #expect(stranger == .folder) }
        #expect(try folder.state(of: id) == .canceled)
    }

    @Test(arguments: Stranger.allCases)
    func token_thatIsAStranger_isMadeAgainFromTheRecord(stranger: Stranger) throws {
        try submit()
        try put(stranger, at: SpoolLayout.token(id, in: .queued))
        #expect(try folder.view(id) == nil)
        #expect(try repair() == [.restoreToken(.queued, from: .birth)])
        #expect(try folder.view(id)?.state == .queued)
        #expect(spool.listing(SpoolLayout.temporary) == [])
    }

    @Test func final_withAnOutcomeThatIsNone_countsAsNothing() throws {
        try submit()
        try claim().lock.release()
        try spool.drop(SpoolLayout.final(id), Array(#"{"type": "NOOP", "outcome": "running", "attempt": 1}"#.utf8))
        #expect(try folder.evidence(id).final == nil)
    }

    @Test func stateFolder_thatIsALink_isRefused() throws {
        try FileManager.default.removeItem(atPath: "\(spool.root)/done")
        try FileManager.default.createSymbolicLink(atPath: "\(spool.root)/done", withDestinationPath: spool.outside)
        let failure = #expect(throws: Failure.self) { try folder.prepare() }
        #expect(failure?.code == .configError)
        #expect(failure?.message.contains("/done is no folder") == true)
    }

    @Test func delete_ofARecordWithLinks_removesTheLinksAlone() throws {
        try submit()
        let treasure = spool.outside + "/treasure"
        try FileManager.default.createDirectory(atPath: treasure, withIntermediateDirectories: false)
        try Data([1]).write(to: URL(fileURLWithPath: treasure + "/film.mp4"))
        try FileManager.default.createSymbolicLink(
            atPath: "\(spool.root)/\(SpoolLayout.scratch(id, attempt: 1))", withDestinationPath: treasure)
        #expect(try folder.delete(id) == .deleted(artifacts: 0))
        #expect(FileManager.default.fileExists(atPath: treasure + "/film.mp4"))
        #expect(spool.listing(SpoolLayout.record(id)) == [])
    }

    @Test func attachment_fromAnotherKindOfFileSystem_isCopied() throws {
        let source = "/dev/shm/kinospool-\(UUID().uuidString).png"
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        guard (try? Data(bytes).write(to: URL(fileURLWithPath: source))) != nil else { return }
        defer { try? FileManager.default.removeItem(atPath: source) }
        let submission = Submission(
            document: SpoolWorld.document(), naming: .exactly(id),
            attachments: [Submission.Attachment(name: "cat.png", source: source)])
        #expect(try folder.submit([submission])[0].get() == id)
        let path = "\(spool.root)/\(SpoolLayout.inputs(id))/cat.png"
        #expect(FileManager.default.contents(atPath: path) == Data(bytes))
    }
}
