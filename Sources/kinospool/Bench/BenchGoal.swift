import Foundation

/// What a figure should reach.
enum BenchGoal: Sendable, Equatable {
    /// Ours is no more than this.
    case atMost(Double)
    /// Ours is no less than this.
    case atLeast(Double)
    /// Ours is no more than so many times the limit: for durations.
    case atMostTimes(Double)
    /// Ours is no less than this part of the limit: for rates.
    case atLeastShare(Double)

    /// Whether it is reached; nil where there is no limit to compare with.
    func isMet(ours: Double, limit: Double?) -> Bool? {
        switch self {
        case .atMost(let bound): ours <= bound
        case .atLeast(let bound): ours >= bound
        case .atMostTimes(let bound): limit.map { ours <= bound * $0 }
        case .atLeastShare(let bound): limit.map { ours >= bound * $0 }
        }
    }

    /// `<= 850 us`, `>= 0.6x`.
    func text(unit: String) -> String {
        switch self {
        case .atMost(let bound): "<= \(BenchNumber.text(bound)) \(unit)"
        case .atLeast(let bound): ">= \(BenchNumber.text(bound)) \(unit)"
        case .atMostTimes(let bound): "<= \(BenchNumber.text(bound))x"
        case .atLeastShare(let bound): ">= \(BenchNumber.text(bound))x"
        }
    }
}
