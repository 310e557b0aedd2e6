import JobCore
import Testing

@Suite struct JobIDTests {
    @Test(arguments: ["a", "0", "a.b-c_d", "20261123-140355123-7k3q9d", "a.", "a-", String(repeating: "a", count: 96)])
    func init_legalText_isTheID(text: String) {
        #expect(JobID(text)?.text == text)
    }

    @Test(arguments: [
        "", ".", "..", "a..b", ".a", "-a", "_a", "A", "aB", "a/b", "../a", "a b", "a\n", "a\u{0}", "é", "e\u{301}", "ａ",
        "漢",
        "a\\b", "a:b", "a%2fb", String(repeating: "a", count: 97),
    ])
    func init_illegalText_isNil(text: String) {
        #expect(JobID(text) == nil)
    }

    @Test func generated_sortsByTimeAndIsLegal() {
        var random = SeededRandom(21)
        var failures: [String] = []
        var previous: JobID?
        var time = Timestamp(milliseconds: 1_700_000_000_000)
        for _ in 0..<2000 {
            time = time.advanced(byMilliseconds: .random(in: 1...100_000_000, using: &random))
            let id = JobID(generatedAt: time, random: .random(in: 0...(.max), using: &random))
            if JobID(id.text) != id { failures.append(id.text) }
            if let previous, id <= previous { failures.append("\(previous) before \(id)") }
            previous = id
        }
        #expect(failures == [])
    }

    @Test func generated_withOtherRandomBits_isAnotherID() {
        let now = Timestamp(milliseconds: 1_795_442_635_123)
        #expect(JobID(generatedAt: now, random: 0).text == "20261123-140355123-000000")
        #expect(JobID(generatedAt: now, random: .max).text == "20261123-140355123-zzzzzz")
        #expect(Set((0..<1024 as Range<UInt32>).map { JobID(generatedAt: now, random: $0) }).count == 1024)
        #expect(JobID(generatedAt: now, random: 0).shortText == "000000")
    }

    @Test(arguments: [
        ("My Film!", "my-film-000000"), ("", "job-000000"), ("../../etc/passwd", "etc-passwd-000000"),
        ("漢字", "job-000000"),
        ("-x-", "x-000000"), ("a..b", "a-b-000000"), ("UPPER_case.json", "upper-case-json-000000"),
    ])
    func resembling_anyName_isLegalAndBeginsWithIt(name: String, text: String) {
        let id = JobID(resembling: name, random: 0)
        #expect(id.text == text)
        #expect(JobID(id.text) == id)
    }

    @Test(arguments: [89, 90, 96, 97, 5000])
    func resembling_longName_isLegal(count: Int) {
        let id = JobID(resembling: String(repeating: "x", count: count), random: 7)
        #expect(JobID(id.text) == id)
        #expect(id.text.utf8.count == 96)
    }
}
