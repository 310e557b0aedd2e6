import Foundation
import JobCore
import Spool
import TestSupport
import Testing

/// What people may put into `queued/`, on the real disk with a clock that a test moves ahead of the kernel's.
@Suite("Drops")
struct DropTests {
    private let spool: TemporarySpool
    private let ahead: ManualClock
    private let policy: Policy
    private let good = SpoolWorld.document().bytes

    init() throws {
        let ahead = ManualClock(Timestamp(milliseconds: 0))
        self.ahead = ahead
        spool = try TemporarySpool(now: { TemporarySpool.realTime().advanced(byMilliseconds: ahead.now.milliseconds) })
        policy = try Policy()
    }

    private func admit(_ name: String, isClosed: Bool = true) throws -> Admission {
        try spool.folder.admit(name, isClosed: isClosed, policy: policy)
    }

    private func id(_ admission: Admission) -> String? {
        guard case .ready(let job) = admission else { return nil }
        return job.id.text
    }

    /// Beyond every age of the policy, and beyond the kernel's coarse clock.
    private func wait() { ahead.advance(by: .seconds(120)) }

    private func expectSetAside(_ name: String) throws {
        guard case .setAside(let reason) = try admit(name) else {
            Issue.record("\(name) was not set aside")
            return
        }
        #expect(!reason.isEmpty)
        #expect(spool.listing(SpoolLayout.queued) == [])
        let kept = spool.listing(SpoolLayout.quarantine)
        #expect(kept.contains { $0.hasSuffix(".why.json") }, "\(kept)")
        let why = try #require(kept.first { $0.hasSuffix(".why.json") })
        let bytes = try #require(try spool.files.read("quarantine/\(why)", limit: 9999)).bytes
        let failure = Failure(json: try JSONReader.read(bytes))
        #expect(failure?.code == .invalidJob)
        #expect(failure?.message.contains(reason) == true)
        try FileManager.default.removeItem(atPath: "\(spool.root)/quarantine")
        try spool.files.makeFolder("quarantine")
    }

    @Test func drop_underALegalName_isThatJob() throws {
        try spool.drop("queued/film.json", good)
        #expect(id(try admit("film.json")) == "film")
        let film = try #require(JobID("film"))
        #expect(spool.listing(SpoolLayout.record(film)) == ["beat", "job.json"])
        // The second look is the same job.
        #expect(id(try admit("film.json", isClosed: false)) == "film")
        #expect(try spool.folder.allIDs() == [film])
    }

    @Test func drop_thatNobodySawClosing_waitsForTheSettleAge() throws {
        try spool.drop("queued/film.json", good)
        guard case .wait(let time) = try admit("film.json", isClosed: false) else {
            Issue.record("taken at once")
            return
        }
        #expect(time > .zero && time <= policy.settleAge + .milliseconds(100))
        ahead.advance(by: policy.settleAge + .milliseconds(100))
        #expect(id(try admit("film.json", isClosed: false)) == "film")
    }

    @Test func drop_thatIsTorn_waitsAndIsSetAsidePastTheAge() throws {
        try spool.drop("queued/film.json", Array(good.dropLast(3)))
        guard case .wait = try admit("film.json") else {
            Issue.record("not waited for")
            return
        }
        try spool.drop("queued/film.json", good)
        #expect(id(try admit("film.json")) == "film")
        try spool.drop("queued/other.json", Array(good.dropLast(3)))
        wait()
        guard case .setAside = try admit("other.json") else {
            Issue.record("not set aside")
            return
        }
        #expect(spool.listing(SpoolLayout.queued) == ["film.json"])
    }

    @Test(arguments: ["[1]", "\"text\"", "{\u{0}\u{0}}", "{\"a\": }", String(repeating: "[", count: 20_000), ""])
    func drop_thatIsNoJobFile_isSetAside(text: String) throws {
        try spool.drop("queued/film.json", Array(text.utf8))
        wait()
        try expectSetAside("film.json")
    }

    @Test func drop_withBytesThatAreNoUTF8_isSetAside() throws {
        try spool.drop("queued/film.json", Array(#"{"type": ""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8))
        wait()
        try expectSetAside("film.json")
    }

    @Test func drop_ofALinkAFifoAndAFolder_isSetAside() throws {
        try FileManager.default.createSymbolicLink(
            atPath: spool.root + "/queued/film.json", withDestinationPath: "/etc/hostname")
        wait()
        try expectSetAside("film.json")
        #expect(mkfifo(spool.root + "/queued/film.json", 0o600) == 0)
        wait()
        try expectSetAside("film.json")
        try FileManager.default.createDirectory(
            atPath: spool.root + "/queued/film.json", withIntermediateDirectories: false)
        wait()
        try expectSetAside("film.json")
    }

    @Test func drop_atTheSizeLimitAndOnePast() throws {
        let padding = JobDocument.maximumBytes - good.count
        try spool.drop("queued/large.json", good + [UInt8](repeating: 0x20, count: padding))
        #expect(id(try admit("large.json")) == "large")
        try spool.drop("queued/larger.json", good + [UInt8](repeating: 0x20, count: padding + 1))
        guard case .setAside(let reason) = try admit("larger.json") else {
            Issue.record("taken")
            return
        }
        #expect(reason.contains("1048576"))
    }

    @Test(arguments: [#"{"type": "RENDERR"}"#, #"{"type": "RENDER", "job_id": "../../etc/passwd"}"#, "{}"])
    func drop_thatAsksForTheImpossible_isFailedWithTheReason(text: String) throws {
        try spool.drop("queued/film.json", Array(text.utf8))
        guard case .refused(let id, let failure) = try admit("film.json") else {
            Issue.record("taken")
            return
        }
        #expect(id.text == "film")
        #expect(failure.code == .invalidJob)
        let view = try #require(try spool.folder.view(id))
        #expect(view.state == .failed && view.error == failure)
        #expect(spool.listing(SpoolLayout.queued) == [])
        #expect(spool.listing("").contains { $0.contains("passwd") } == false)
    }

    @Test(arguments: [
        ("My Film 1.json", "my-film-1-"), ("UPPER.JSON", "upper-"), ("漢字.json", "job-"), ("-x.json", "x-"),
        ("a..b.json", "a-b-"),
    ])
    func drop_underANameThatIsNoID_getsOneThatBeginsWithIt(name: String, beginning: String) throws {
        try spool.drop("queued/\(name)", good)
        let id = try #require(id(try admit(name)))
        #expect(id.hasPrefix(beginning) && id.utf8.count == beginning.utf8.count + 6)
        #expect(spool.listing(SpoolLayout.queued) == ["\(id).json"])
    }

    @Test(arguments: ["x.json~", ".x.json.AbC123", ".x.json", "x.json.part", "#x.json#", "4913"])
    func drop_ofATemporaryName_isLeftAlone(name: String) throws {
        try spool.drop("queued/\(name)", good)
        wait()
        #expect(try admit(name) == .nothing)
        #expect(spool.listing(SpoolLayout.queued) == [name])
    }

    @Test func drop_ofSomethingElse_isSetAside() throws {
        try spool.drop("queued/cat.png", [1, 2, 3])
        guard case .wait = try admit("cat.png") else {
            Issue.record("not waited for")
            return
        }
        wait()
        try expectSetAside("cat.png")
    }

    @Test func drop_withAChosenID_isThatJob() throws {
        try spool.drop("queued/x.json", Array(#"{"type": "NOOP", "job_id": "chosen"}"#.utf8))
        #expect(id(try admit("x.json")) == "chosen")
        #expect(spool.listing(SpoolLayout.queued) == ["chosen.json"])
    }

    @Test func drop_touchedIntoTheFuture_isScheduled() throws {
        try spool.drop("queued/film.json", good)
        let later = Timestamp(milliseconds: spool.folder.wallTime.milliseconds / 1000 * 1000 + 3_600_000)
        try spool.files.setModified("queued/film.json", later)
        guard case .ready(let job) = try admit("film.json") else {
            Issue.record("not admitted")
            return
        }
        #expect(job.notBefore == later)
        #expect(try spool.folder.view(job.id)?.scheduledFor == later)
    }

    @Test func drop_withNotBefore_isScheduledByItsModificationTime() throws {
        let later = spool.folder.wallTime.advanced(byMilliseconds: 3_600_000)
        try spool.drop("queued/film.json", Array(#"{"type": "NOOP", "not_before": "\#(later.text)"}"#.utf8))
        guard case .ready(let job) = try admit("film.json") else {
            Issue.record("not admitted")
            return
        }
        #expect(job.notBefore == later)
        #expect(try spool.files.status("queued/film.json")?.modified == later.milliseconds * 1_000_000)
    }

    @Test func admit_ofAMissingName_isNothing() throws {
        #expect(try admit("film.json") == .nothing)
    }
}
