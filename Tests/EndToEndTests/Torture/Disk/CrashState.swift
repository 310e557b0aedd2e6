import TestSupport

/// A state in which a disk may be found after the power was cut: everything up to the last flush, and of what came
/// after it any part, for a disk may write in any order what it was not told to flush.
struct CrashState: Sendable, CustomStringConvertible {
    /// The power went before this record.
    let cut: Int
    /// All writes before this record are there.
    let flushed: Int
    /// Which of the later ones are there, too.
    let arrived: [Int]

    var description: String { "cut before record \(cut), flushed to \(flushed), arrived \(arrived)" }

    /// Every state worth a look, in random order: at each record all, none and a random half of what was in flight.
    static func all(of log: DiskLog, from start: Int, using random: inout SeededRandom) -> [CrashState] {
        var (states, flushed): ([CrashState], Int) = ([], 0)
        for cut in 0...log.entries.count {
            if cut > 0, log.entries[cut - 1].kind == .flush { flushed = cut }
            guard cut >= start else { continue }
            let inFlight = (flushed..<cut).filter { log.entries[$0].kind == .write }
            states.append(CrashState(cut: cut, flushed: flushed, arrived: inFlight))
            guard !inFlight.isEmpty else { continue }
            states.append(CrashState(cut: cut, flushed: flushed, arrived: []))
            let half = inFlight.filter { _ in Bool.random(using: &random) }
            states.append(CrashState(cut: cut, flushed: flushed, arrived: half))
        }
        return states.shuffled(using: &random)
    }
}
