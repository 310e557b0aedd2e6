import Foundation
import JobCore
import Spool
import TestSupport
import Testing

@Suite("Locks")
struct LockTests {
    private let spool: TemporarySpool

    init() throws { spool = try TemporarySpool() }

    @Test func lock_heldByAnother_isNil() throws {
        let first = try #require(try spool.files.lock("meta/a.lock"))
        #expect(try spool.files.lock("meta/a.lock") == nil)
        first.release()
        first.release()
        #expect(try spool.files.lock("meta/a.lock") != nil)
    }

    @Test func lock_whoseHolderIsGone_isFree() throws {
        do {
            let first = try spool.files.lock("meta/a.lock")
            #expect(first != nil)
        }
        #expect(try spool.files.lock("meta/a.lock") != nil)
    }

    @Test func release_whileAChildHoldsACopyOfTheDescriptor_freesTheLock() throws {
        let first = try #require(try spool.files.lock("meta/a.lock"))
        // Between fork and exec a child shares every open file; a duplicate shares it in the same way.
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))
                == "\(spool.root)/meta/a.lock"
        }
        let copy = dup(try #require(open.flatMap { Int32($0) }))
        defer { close(copy) }
        #expect(copy >= 0)
        first.release()
        #expect(try spool.files.lock("meta/a.lock") != nil)
    }

    @Test func lock_onAReplacedFile_isAnotherLock() throws {
        let first = try #require(try spool.files.lock("meta/a.lock"))
        try spool.files.remove("meta/a.lock")
        let second = try #require(try spool.files.lock("meta/a.lock"))
        #expect(try spool.files.lock("meta/a.lock") == nil)
        first.release()
        #expect(try spool.files.lock("meta/a.lock") == nil)
        second.release()
    }

    @Test func touch_movesTheHeartbeat_andFailsAfterTheRelease() throws {
        let lock = try #require(try spool.files.lock("meta/a.lock"))
        try spool.files.setModified("meta/a.lock", Timestamp(milliseconds: 1_000))
        try lock.touch()
        let modified = try #require(try spool.files.status("meta/a.lock")).modified
        #expect(modified > 1_000_000_000_000)
        lock.release()
        #expect(throws: FileError.self) { try lock.touch() }
    }

    @Test func lock_inAMissingFolder_isMissing() {
        #expect(throws: FileError(ENOENT, "openat", "nowhere/a.lock")) { _ = try spool.files.lock("nowhere/a.lock") }
    }
}
