import Glibc
import JobCore
import Spool
import TestSupport
import Testing

/// Taking in files while others are in the way: other processes, bad neighbours, disks that refuse.
@Suite("Taking in")
struct TakingInTests {
    private let world: SpoolWorld
    private let faulty: FaultyFileSystem
    private let id = SpoolWorld.id

    init() throws {
        // The world's spool goes through the faulty one; what a test does by hand goes to the disk itself.
        var made: FaultyFileSystem?
        world = try SpoolWorld { disk in
            let faulty = FaultyFileSystem(disk)
            made = faulty
            return faulty
        }
        faulty = try #require(made)
    }

    private var spool: SpoolFolder { world.spool }

    private func drop(_ path: String, _ document: JobDocument) throws {
        try world.disk.create(path, document.bytes)
        world.clock.advance(by: .seconds(60))
    }

    private func admit(_ name: String) throws -> Admission {
        try spool.admit(name, isClosed: true, policy: world.policy)
    }

    private func takeIn(_ path: String) throws -> SpoolFolder.InboxResult {
        try spool.admitFromInbox(path, isClosed: true, policy: world.policy)
    }

    private func withPicture(_ name: String) -> JobDocument {
        JobDocument(["type": "RENDER", "params": ["prompt": "boats", "image": .string(name)]])
    }

    @Test func admit_ofADropThatAnotherProcessIsTakingIn_leavesItAlone() throws {
        try drop("queued/\(id).json", SpoolWorld.document())
        // The other process has made the record and holds its lock, and has not linked the file yet.
        try world.disk.makeFolder(SpoolLayout.shard(id))
        try world.disk.makeFolder(SpoolLayout.record(id))
        let lock = try #require(try world.disk.lock(SpoolLayout.beat(id)))
        #expect(try admit("\(id).json") == .nothing)
        #expect(try world.disk.list(SpoolLayout.queued).map(\.name) == ["\(id).json"])
        #expect(try spool.allIDs() == [id])
        lock.release()
        guard case .ready(let job) = try admit("\(id).json") else {
            Issue.record("not taken in")
            return
        }
        #expect(job.id == id)
    }

    @Test func admit_ofABadFileThatCannotBeMoved_saysSoAndLeavesNoReasonBehind() throws {
        try world.disk.create("queued/bad.json", Array("[1]".utf8))
        faulty.fail(0, of: .rename, with: EACCES)
        let error = #expect(throws: FileError.self) { try admit("bad.json") }
        #expect(error?.errno == EACCES)
        #expect(try world.disk.list(SpoolLayout.quarantine) == [])
        #expect(try world.disk.list(SpoolLayout.queued).map(\.name) == ["bad.json"])
    }

    @Test func admit_ofABadFileWithoutAQuarantine_saysSo() throws {
        try world.disk.create("queued/bad.json", Array("[1]".utf8))
        try world.disk.removeFolder(SpoolLayout.quarantine)
        #expect(throws: FileError.self) { try admit("bad.json") }
    }

    @Test func admit_ofAStrangerWhenTheClockWentBack_setsItAside() throws {
        try world.disk.create("queued/cat.png", [1])
        world.clock.advance(by: .seconds(-86_400))
        guard case .setAside = try admit("cat.png") else {
            Issue.record("waits for the clock")
            return
        }
    }

    @Test func admit_ofAScheduledJobThatSomebodyTouched_keepsTheNewMoment() throws {
        let now = world.clock.now
        var document = SpoolWorld.document()
        document[.notBefore] = .string(now.advanced(byMilliseconds: 86_400_000).text)
        try drop("queued/\(id).json", document)
        _ = try admit("\(id).json")
        let sooner = now.advanced(byMilliseconds: 3_600_000)
        try world.disk.setModified("queued/\(id).json", sooner)
        guard case .ready(let job) = try admit("\(id).json") else {
            Issue.record("not taken in")
            return
        }
        #expect(job.notBefore == sooner)
    }

    @Test func claim_onAFullDisk_leavesNoFoldersBehind() throws {
        try world.submit()
        for _ in 0..<3 {
            faulty.fail(0, of: .create, with: ENOSPC)
            #expect(throws: FileError.self) { _ = try spool.claim(id, owner: SpoolWorld.owner) }
        }
        #expect(try world.disk.list(SpoolLayout.record(id)).filter(\.isFolder) == [])
        #expect(try world.claim().attempt == 1)
    }

    @Test func inbox_withAFolderThatMayNotBeRead_givesTheOthers() throws {
        try world.disk.makeFolder("inbox/private")
        try drop("inbox/film.json", SpoolWorld.document())
        faulty.fail(1, of: .list, with: EACCES)
        #expect(try spool.inboxFiles() == ["film.json"])
    }

    @Test func inbox_ofAFileThatBelongsToAnotherUser_setsItAside() throws {
        try drop("inbox/film.json", SpoolWorld.document())
        faulty.fail(0, of: .link, with: EPERM)
        guard case .setAside(let reason) = try takeIn("film.json") else {
            Issue.record("not set aside")
            return
        }
        #expect(reason.contains("another user"))
        #expect(try spool.allIDs() == [])
        #expect(try world.disk.list(SpoolLayout.inbox) == [])
    }

    @Test func inbox_withANeighbourThatIsNoJobFile_takesTheJobIn() throws {
        try world.disk.create("inbox/cat.png", [1])
        try world.disk.create("inbox/huge.json", [UInt8](repeating: 0x20, count: JobDocument.maximumRewrittenBytes + 1))
        try world.disk.symbolicLink("inbox/link.json", to: "/etc/hostname")
        try world.disk.makeFolder("inbox/folder.json")
        try drop("inbox/film.json", withPicture("cat.png"))
        guard case .submitted = try takeIn("film.json") else {
            Issue.record("not taken in")
            return
        }
        #expect(try world.disk.list(SpoolLayout.inbox).map(\.name) == ["folder.json", "huge.json", "link.json"])
    }

    @Test func inbox_withANeighbourThatNamesTheSamePicture_keepsItForThatJob() throws {
        try world.disk.create("inbox/cat.png", [1])
        try world.disk.create("inbox/other.json", withPicture("cat.png").bytes)
        try drop("inbox/film.json", withPicture("cat.png"))
        for path in ["film.json", "other.json"] {
            guard case .submitted = try takeIn(path) else {
                Issue.record("\(path) was not taken in")
                return
            }
            // A new name for the picture is a change of it, which has to settle.
            world.clock.advance(by: .seconds(60))
        }
        #expect(try world.disk.list(SpoolLayout.inbox) == [])
    }

    @Test func inbox_withThousandsOfFiles_looksAtTheFolderOnceForAll() throws {
        for number in 0..<300 { try world.disk.create("inbox/film-\(number).json", SpoolWorld.document().bytes) }
        world.clock.advance(by: .seconds(60))
        faulty.fail(.max, of: .list, with: EIO)
        for path in try spool.inboxFiles() {
            guard case .submitted = try takeIn(path) else {
                Issue.record("\(path) was not taken in")
                return
            }
        }
        #expect(faulty.calls == 1)
        #expect(try world.disk.list(SpoolLayout.queued).count == 300)
    }

    @Test func inbox_ofAnUpperCaseSuffix_takesTheNameAsItsID() throws {
        try drop("inbox/film.JSON", SpoolWorld.document())
        let film = try #require(JobID("film"))
        #expect(try takeIn("film.JSON") == .submitted(film))
    }
}
