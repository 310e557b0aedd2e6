import JobCore
import Testing

/// Carrying a plan out makes the job whole, whatever lay on the disk.
@Suite("Reconcile: properties")
struct ReconcilePropertyTests {
    @Test func anyEvidence_isWholeAfterOnePlan() throws {
        let policy = try Policy()
        var violations: [String] = []
        for seed in 0..<60_000 where violations.count < 5 {
            var random = SeededRandom(UInt64(seed))
            let evidence = Self.evidence(&random)
            let first = Reconcile.plan(evidence, policy: policy)
            var model = EvidenceModel(evidence)
            for step in first { model.perform(step) }
            let again = Reconcile.plan(model.evidence, policy: policy)
            let isHopeless = !evidence.hasBirth && !evidence.tokens.contains { $0.isReadable }
            if evidence.isOwned {
                if !first.isEmpty { violations.append("seed \(seed): an owned job was touched: \(first)") }
                continue
            }
            if !again.isEmpty { violations.append("seed \(seed): \(evidence) -> \(first), then \(again)") }
            let count = model.evidence.tokens.count
            if count != 1, !(isHopeless && count == 0) {
                violations.append("seed \(seed): \(count) tokens after \(first)")
            }
            if !isHopeless, !model.evidence.tokens.allSatisfy(\.isReadable) {
                violations.append("seed \(seed): torn after \(first)")
            }
            if model.evidence.tokens.contains(where: { $0.state == .running && $0.isReadable }) {
                violations.append("seed \(seed): running after \(first)")
            }
        }
        #expect(violations == [])
    }

    private static func evidence(_ random: inout SeededRandom) -> JobEvidence {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        var tokens: [JobEvidence.Token] = []
        let day = Day("2026-11-22")
        let places = JobState.allCases.flatMap { state in
            [JobPlace(state)] + (state.isFinal ? [JobPlace(state, on: day)] : [])
        }
        for place in places.shuffled(using: &random).prefix(chance(75) ? 1 : number(0...3)) {
            tokens.append(
                .init(
                    state: place.state, day: place.day, rev: number(0...4), attempt: number(0...2),
                    outcome: chance(40) ? [.done, .failed, .canceled].randomElement(using: &random) : nil,
                    isReadable: chance(80), isScrubbed: chance(60)))
        }
        var evidence = JobEvidence(tokens: tokens, hasBirth: chance(85), isOwned: chance(5))
        if chance(60) { evidence.run = ReconcileTests.run(number(1...2), rev: number(1...4), crashes: number(0...2)) }
        if chance(40) {
            evidence.final = .init(
                rev: number(1...5), attempt: number(1...2),
                outcome: chance(60) ? .done : chance(60) ? .failed : .canceled)
        }
        if chance(25) { evidence.cancelRev = chance(20) ? .max : number(1...6) }
        evidence.scratches = [1, 2].filter { _ in chance(40) }
        return evidence
    }
}
