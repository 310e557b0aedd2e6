import JobCore
import Testing

@Suite struct IdempotencyTests {
    @Test func id_ofAKey_isLegalAndItsOwn() {
        let ids = [JobID(key: "a", generation: 0), JobID(key: "a", generation: 1), JobID(key: "b", generation: 0)]
        #expect(Set(ids).count == 3)
        #expect(JobID(key: "a", generation: 0) == ids[0])
        for id in ids {
            #expect(JobID(id.text) == id)
            #expect(id.text.count == 28)
            #expect(id.isMadeUp)
        }
    }

    @Test func isMadeUp_notForWhatAPersonChose() throws {
        for text in ["lighthouse", "key-lighthouse", "20261123-140355123", "key-ring-of-the-lighthouse-keeper"] {
            #expect(try !#require(JobID(text)).isMadeUp)
        }
        #expect(JobID(generatedAt: Timestamp(milliseconds: 1_795_000_000_123), random: 7).isMadeUp)
    }

    @Test func requestHash_doesNotSeeHistory() {
        var document = JobDocument(["type": "NOOP", "params": ["seconds": 1], "note": "x"])
        let hash = document.requestHash
        document.rev = 7
        document.attempt = 2
        document.createdAt = Timestamp(milliseconds: 1)
        document[.idempotencyKey] = "k"
        #expect(document.requestHash == hash)
        document[.priority] = 1
        #expect(document.requestHash != hash)
    }

    @Test func patch_followsRFC7396_andLeavesHistoryAlone() throws {
        let document = JobDocument(["type": "RENDER", "params": ["prompt": "a", "seed": 7], "priority": 5, "rev": 1])
        let patched = try document.patched(with: ["params": ["seed": .null, "duration": 4], "priority": .null])
        #expect(patched.fields == ["type": "RENDER", "params": ["prompt": "a", "duration": 4], "rev": 1])
        #expect(throws: Failure.self) { try document.patched(with: ["params": .null]) }
        for key in ["rev", "type", "attempt", "created_at", "unknown", "job_id", "outcome"] {
            #expect(throws: Failure.self) { try document.patched(with: [key: 1]) }
        }
    }

    @Test func httpText_isTheDateOfTheStandard() {
        #expect(Timestamp(milliseconds: 784_111_777_000).httpText == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(Timestamp(milliseconds: 0).httpText == "Thu, 01 Jan 1970 00:00:00 GMT")
    }
}
