import JobCore
import Testing

@testable import kinospool

@Suite struct BenchFigureTests {
    @Test func goals_atTheirBounds_areMet_andBeyondAreNot() {
        #expect(BenchGoal.atMost(25).isMet(ours: 25, limit: nil) == true)
        #expect(BenchGoal.atMost(25).isMet(ours: 25.1, limit: nil) == false)
        #expect(BenchGoal.atLeast(6000).isMet(ours: 6000, limit: nil) == true)
        #expect(BenchGoal.atLeast(6000).isMet(ours: 5999, limit: nil) == false)
        #expect(BenchGoal.atMostTimes(3).isMet(ours: 30, limit: 10) == true)
        #expect(BenchGoal.atMostTimes(3).isMet(ours: 31, limit: 10) == false)
        #expect(BenchGoal.atLeastShare(0.5).isMet(ours: 5, limit: 10) == true)
        #expect(BenchGoal.atLeastShare(0.5).isMet(ours: 4, limit: 10) == false)
        #expect(BenchGoal.atLeastShare(0.5).isMet(ours: 4, limit: nil) == nil)
    }

    @Test func quantiles_ofAHundred_areTheirPlaces() {
        let samples = (1...100).map(Double.init).shuffled()
        #expect(BenchNumber.quantile(samples, 0.5) == 51)
        #expect(BenchNumber.quantile(samples, 0.99) == 100)
        #expect(BenchNumber.median(samples) == 50.5)
        #expect(BenchNumber.median([3, 1, 2]) == 2)
        #expect(BenchNumber.median([]) == 0)
    }

    @Test func numbers_keepThreeDigits() {
        #expect(
            [12345.6, 100.4, 12.34, 9.126, 0.5, 6000, 0.012].map(BenchNumber.text) == [
                "12346", "100", "12.3", "9.13", "0.5", "6000", "0.012",
            ])
    }

    @Test func results_areMediansOfTheRounds_inTheirOrder() {
        let (first, second) = (BenchFigure(.submitDurable), BenchFigure(.memory, size: 100_000))
        let results = BenchResult.all([
            BenchReading(first, 900, limit: 600), BenchReading(second, 60), BenchReading(first, 700, limit: 650),
            BenchReading(second, 40), BenchReading(first, 800, limit: 700), BenchReading(second, 45),
        ])
        #expect(results.map(\.figure) == [first, second])
        #expect(results.map(\.ours) == [800, 45])
        #expect(results.map(\.limit) == [650, nil])
        #expect(results.map(\.rounds) == [3, 3])
        #expect(results.map(\.isGoalMet) == [true, true])
        #expect(results[1].goalText == "<= 50 MB")
        #expect(results[1].figure.name == "memory_queued@100000")
    }

    @Test func everyFigure_hasATitleOfItsOwn_andALimitWhereItsGoalNeedsOne() {
        for kind in BenchFigure.Kind.allCases {
            let figure = BenchFigure(kind, size: 7)
            #expect(!figure.title.isEmpty && !figure.unit.isEmpty)
            let isRelative = figure.goal?.bounds.contains { $0.isMet(ours: 1, limit: nil) == nil } ?? false
            #expect(!isRelative || figure.limit != nil, "\(kind) is compared with nothing")
        }
        let names = BenchFigure.Kind.allCases.map {
            BenchFigure($0).title + (BenchFigure($0).durability?.rawValue ?? "")
        }
        #expect(Set(names).count == names.count)
    }
}
