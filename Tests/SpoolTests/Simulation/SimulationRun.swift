import Foundation

/// How many histories one run looks at, and from which seed on.
///
/// `KINOSPOOL_TORTURE_SECONDS` gives it a twentieth of that time instead of a number of histories, from
/// `KINOSPOOL_TORTURE_SEED` on. `KINOSPOOL_SIMULATION=SEED` runs the one history again that a failure named.
struct SimulationRun {
    /// Histories of a run that was given no time.
    static let count = 2_000

    let seeds: Range<UInt64>
    private let deadline: ContinuousClock.Instant?
    var isTorture: Bool { deadline != nil }

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        if let seed = environment["KINOSPOOL_SIMULATION"].flatMap({ UInt64($0) }) {
            (seeds, deadline) = (seed..<seed + 1, nil)
        } else if let seconds = environment["KINOSPOOL_TORTURE_SECONDS"].flatMap({ Int($0) }) {
            let first = (environment["KINOSPOOL_TORTURE_SEED"].flatMap { UInt64($0) } ?? 1) &* 1_000_000_000
            (seeds, deadline) = (first..<UInt64.max, .now + .seconds(seconds) / 20)
        } else {
            (seeds, deadline) = (0..<UInt64(Self.count), nil)
        }
    }

    func isOver(after count: Int) -> Bool { deadline.map { $0 < .now && count > 0 } ?? false }
}
