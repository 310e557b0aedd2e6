import JobCore
import Testing

@Suite struct CleanupRuleTests {
    private let now = Timestamp(milliseconds: 1_795_442_400_000)
    private let id = JobID(resembling: "film", random: 0)

    private func job(_ state: JobState, daysAgo: Double = 31) -> CleanupCandidate {
        CleanupCandidate(
            id: id, state: state, endedAt: now.advanced(byMilliseconds: -Int64(daysAgo * 86_400_000)))
    }

    @Test(arguments: JobState.allCases)
    func verdict_onAnOldJob_goesOnlyWhenItHasEnded(state: JobState) {
        let verdict = CleanupRule(days: 30, at: now).verdict(on: job(state))
        #expect(verdict == (state.isFinal ? .goes : .underWay))
    }

    @Test func verdict_atTheLimit_keepsAndOnePastItGoes() {
        let rule = CleanupRule(days: 30, at: now)
        #expect(rule.verdict(on: job(.done, daysAgo: 30)) == .young)
        var past = job(.done, daysAgo: 30)
        past.endedAt = past.endedAt.advanced(byMilliseconds: -1)
        #expect(rule.verdict(on: past) == .goes)
        #expect(CleanupRule(days: 0, at: now).verdict(on: job(.done, daysAgo: 0)) == .young)
        #expect(CleanupRule(days: 0, at: now).verdict(on: job(.done, daysAgo: 0.001)) == .goes)
    }

    @Test func verdict_onWhatIsKeptOrNeeded_staysHoweverOld() {
        let rule = CleanupRule(days: 0, at: now)
        var kept = job(.done, daysAgo: 9999)
        var needed = kept
        kept.isKept = true
        needed.isNeeded = true
        #expect(rule.verdict(on: kept) == .kept)
        #expect(rule.verdict(on: needed) == .needed)
    }

    @Test func days_beyondTheRange_areClamped() {
        #expect(CleanupRule(days: -1, at: now).days == 0)
        #expect(CleanupRule(days: 36_501, at: now).days == 36_500)
    }

    @Test func mayReach_ofADayFolder_isTrueForAllDaysUpToTheCutoff() {
        let rule = CleanupRule(days: 1, at: now)
        #expect(rule.mayReach(Day(of: rule.cutoff)))
        #expect(!rule.mayReach(Day(of: now)))
        #expect(rule.mayReach(Day(of: Timestamp(milliseconds: 0))))
    }

    @Test(arguments: [
        (#"{}"#, false), (#"{"starred": true}"#, true), (#"{"starred": false}"#, false), (#"{"starred": 1}"#, false),
        (#"{"tags": ["keep"]}"#, true), (#"{"tags": ["keeper", "Keep"]}"#, false), (#"{"tags": "keep"}"#, false),
    ])
    func isKept_readsStarAndTag(text: String, isKept: Bool) throws {
        #expect(try JobDocument(reading: Array(text.utf8)).isKept == isKept)
    }

    @Test func plan_countsByStateAndTellsTheIDs() {
        var plan = CleanupPlan(CleanupRule(days: 30, at: now))
        plan.note(.goes, on: job(.done), size: TreeSize(files: 3, bytes: 100))
        plan.note(.goes, on: job(.failed), size: TreeSize(files: 1, bytes: 7))
        plan.note(.kept, on: job(.done), size: TreeSize())
        plan.note(.needed, on: job(.done), size: TreeSize())
        plan.note(.young, on: job(.done), size: TreeSize())
        plan.leftovers = [
            Leftover(.temporary, "tmp/x", size: TreeSize(files: 1, bytes: 5)), Leftover(.lost, "work/00/y", job: id),
        ]
        #expect(plan.size == TreeSize(files: 4, bytes: 107))
        #expect(plan.removable.map(\.kind) == [.temporary])
        let json = plan.json().object ?? [:]
        #expect(json["jobs"] == 2 && json["kept"] == 1 && json["needed"] == 1 && json["executed"] == false)
        #expect(json["by_state"]?.object?["done"] == ["jobs": 1, "files": 3, "bytes": 100])
        #expect(json["leftovers"]?.array?.count == 2)
        var report = CleanupReport()
        for number in 0...CleanupReport.toldLimit { report.noteFailure("\(number)") }
        let told = plan.json(report).object ?? [:]
        #expect(told["executed"] == true && told["failed"] == .integer(Int64(CleanupReport.toldLimit) + 1))
        #expect(told["failures"]?.array?.count == CleanupReport.toldLimit)
    }

    @Test func marked_takesMarksAlone() throws {
        let document = JobDocument(["type": "NOOP", "rev": 3])
        let marked = try document.marked(with: ["starred": true, "note": "good", "tags": ["a"]])
        #expect(JobMarks(marked) == JobMarks(tags: ["a"], note: "good", isStarred: true))
        #expect(try marked.marked(with: ["starred": .null, "note": .null, "tags": .null]) == document)
        #expect(throws: Failure.self) { try document.marked(with: ["priority": 1]) }
        #expect(throws: Failure.self) { try document.marked(with: ["starred": "yes"]) }
        #expect(throws: Failure.self) { try document.marked(with: ["tags": [1]]) }
    }
}
