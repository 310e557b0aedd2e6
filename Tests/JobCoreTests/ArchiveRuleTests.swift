import JobCore
import Testing

@Suite("Archive rule")
struct ArchiveRuleTests {
    private static let now = Timestamp(milliseconds: 1_000 * 3_600_000)

    /// A job that ended so many hours ago.
    private static func ended(_ name: String, hoursAgo: Int64) -> ArchiveRule.Ended {
        ArchiveRule.Ended(
            id: JobID(resembling: name, random: 0), time: now.advanced(byMilliseconds: -hoursAgo * 3_600_000))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let rule: ArchiveRule
        let hours: [Int64]
        /// Which of them go, by their hours.
        let going: [Int64]
        let due: Int

        init(_ name: String, rule: ArchiveRule = ArchiveRule(), _ hours: [Int64], _ going: [Int64], due: Int) {
            (self.name, self.rule, self.hours, self.going, self.due) = (name, rule, hours, going, due)
        }

        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row("nothing has ended", [], [], due: 0), Row("two days are not over", [0, 47, 48], [], due: 0),
        Row("older ones go, the oldest first", [49, 1, 200, 50], [200, 50, 49], due: 3),
        Row("beyond the limit the oldest go", rule: ArchiveRule(flatLimit: 2), [3, 1, 2, 5], [5, 3], due: 2),
        Row("at the limit nobody goes", rule: ArchiveRule(flatLimit: 4), [3, 1, 2, 5], [], due: 0),
        Row("old ones make room", rule: ArchiveRule(flatLimit: 3), [1, 2, 50, 60], [60, 50], due: 2),
        Row("a batch at a time", rule: ArchiveRule(flatLimit: 0, batch: 2), [1, 2, 3, 4, 5], [5, 4], due: 5),
        Row("an end in the future is young", [-10, -1], [], due: 0),
        Row("an end in the future goes last", rule: ArchiveRule(flatLimit: 1), [-10, 0, 5], [5, 0], due: 2),
    ]

    @Test(arguments: rows)
    func archivePlan_ofARow_isTheTablesAnswer(row: Row) {
        let jobs = row.hours.map { Self.ended("h\($0 + 100)", hoursAgo: $0) }
        let plan = row.rule.archivePlan(jobs, at: Self.now)
        #expect(plan.ids == row.going.map { Self.ended("h\($0 + 100)", hoursAgo: $0).id })
        #expect(plan.due == row.due)
    }

    @Test func standardRule_isTheOneOfTheContract() {
        let rule = ArchiveRule()
        #expect(rule.age == .seconds(172_800))
        #expect(rule.flatLimit == 10_000)
        #expect(rule.batch == 500)
    }

    /// Round after round it ends, with what may stay, and nothing goes that is younger than what stays.
    @Test func archivePlan_repeated_leavesTheYoungest() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededRandom(seed)
            let rule = ArchiveRule(
                flatLimit: Int.random(in: 0...20, using: &random), batch: Int.random(in: 1...9, using: &random))
            var left = (0..<Int.random(in: 0...60, using: &random)).map {
                Self.ended("j\($0)", hoursAgo: Int64.random(in: -5...90, using: &random))
            }
            var rounds = 0
            while case let (ids, due) = rule.archivePlan(left.shuffled(using: &random), at: Self.now), due > 0 {
                #expect(ids.count == min(due, rule.batch))
                let going = left.filter { ids.contains($0.id) }.map(\.time)
                left.removeAll { ids.contains($0.id) }
                if let youngest = going.max(), let oldest = left.map(\.time).min() { #expect(youngest <= oldest) }
                rounds += 1
                #expect(rounds <= 60)
            }
            #expect(left.count <= rule.flatLimit)
            #expect(left.allSatisfy { $0.time >= Self.now.advanced(byMilliseconds: -172_800_000) })
        }
    }

    @Test func dayOfRest_isThatOfTheRecordedEnding() throws {
        let ended = try #require(Timestamp("2026-11-22T23:59:59.999Z"))
        var document = JobDocument(["type": "NOOP"])
        #expect(document.dayOfRest(in: .done) == nil, "moved there by hand")
        document.outcome = .done
        #expect(document.dayOfRest(in: .done) == nil, "nobody knows when")
        document.finishedAt = ended
        #expect(document.dayOfRest(in: .done)?.text == "2026-11-22")
        for state in JobState.allCases where state != .done { #expect(document.dayOfRest(in: state) == nil) }
        document.outcome = .running
        #expect(document.dayOfRest(in: .running) == nil)
    }
}
