import Foundation

/// Measured numbers: how they are gathered into one, and how they are shown.
enum BenchNumber {
    /// The value below which this part of the samples lies; 0 for none.
    static func quantile(_ samples: [Double], _ part: Double) -> Double {
        guard !samples.isEmpty else { return 0 }
        let sorted = samples.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    /// The value in the middle.
    static func median(_ samples: [Double]) -> Double {
        let sorted = samples.sorted()
        guard sorted.count.isMultiple(of: 2), let upper = sorted.dropFirst(sorted.count / 2).first else {
            return quantile(samples, 0.5)
        }
        return (sorted[sorted.count / 2 - 1] + upper) / 2
    }

    /// Three digits that count: `12345`, `678`, `9.12`.
    static func text(_ value: Double) -> String {
        if value.magnitude >= 100 || value == value.rounded() { return String(format: "%.0f", value) }
        return String(format: value.magnitude >= 10 ? "%.1f" : "%.3g", value)
    }
}
