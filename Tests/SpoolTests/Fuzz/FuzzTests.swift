import JobCore
import TestSupport
import Testing

/// Whatever is dropped: it becomes a job, a failed job that says why, or lies in quarantine as it was. Nothing is lost.
@Suite("Fuzz")
struct FuzzTests {
    @Test func drop_ofHarmedFiles_losesNothing() throws {
        if let failure = try FuzzRun.ordinary.failure() { Issue.record(Comment(rawValue: failure)) }
    }

    /// Without this a generator that only makes rubbish, or only good jobs, would prove nothing.
    @Test func generator_makesEveryKindOfFile() {
        let files = (0..<600 as Range<UInt64>).map { FuzzedFile(seed: $0) }
        let reading = files.count { (try? JobDocument(reading: $0.bytes)) != nil }
        let jobs = files.count { file in
            (try? JobDocument(reading: file.bytes)).map { (try? JobRequest($0)) != nil } ?? false
        }
        #expect((150...550).contains(reading), "\(reading) read as JSON objects")
        #expect((60...400).contains(jobs), "\(jobs) are jobs")
        #expect(files.contains { $0.isForInbox } && files.contains { !$0.isForInbox })
    }
}
