import JobCore
import Testing

@Suite struct RetryRequestTests {
    private func request(_ key: String, _ changes: [String: JSONValue] = [:], at time: Int64 = 0) -> RetryRequest {
        RetryRequest(key: key, changes: changes, at: Timestamp(milliseconds: time))
    }

    @Test func key_isRememberedWithItsChanges_forSevenDays() {
        let document = request("a", ["seed": 7]).noted(in: JobDocument(["type": "NOOP"]))
        #expect(document.fields["type"] == "NOOP")
        let week = RetryRequest.lifetime.milliseconds
        #expect(request("a", ["seed": 7], at: week - 1).relation(to: document) == .replay)
        #expect(request("a", ["seed": 7], at: week).relation(to: document) == .new)
        #expect(request("a", ["seed": 8]).relation(to: document) == .otherChanges)
        #expect(request("b", ["seed": 7]).relation(to: document) == .new)
    }

    @Test func keys_areRememberedUpToTheLimit_theNewestOnes() {
        var document = JobDocument([:])
        for number in 0...RetryRequest.limit { document = request("\(number)").noted(in: document) }
        #expect(document[.retries]?.array?.count == RetryRequest.limit)
        #expect(request("0").relation(to: document) == .new)
        #expect(request("1").relation(to: document) == .replay)
        document.forgetHistory()
        #expect(document[.retries] == nil)
    }
}
