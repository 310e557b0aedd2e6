import JobCore
import Synchronization

/// How far a film is, from parts that are made side by side.
///
/// The parts are nine tenths of the work, by frames; joining is the rest. Always rising.
final class StitchProgress: Sendable {
    private struct State {
        var frames: [Int: Int] = [:]
        var keptFrames = 0
        var began: ContinuousClock.Instant?
    }

    private let report: RisingReport
    private let total: Int
    private let state = Mutex(State())

    static let partShare = 90

    /// - Parameter total: frames of the whole film.
    init(_ report: RisingReport, total: Int) { (self.report, self.total) = (report, max(total, 1)) }

    /// A part that need not be made.
    func keep(frames: Int) { add { $0.keptFrames += frames } }

    /// Frames that a part has by now.
    func part(_ index: Int, frames: Int) { add { $0.frames[index] = frames } }

    private func add(_ change: (inout State) -> Void) {
        let (made, kept, left) = state.withLock { state in
            let now = ContinuousClock.now
            let began = state.began ?? now
            state.began = began
            change(&state)
            let made = state.frames.values.reduce(0, +)
            let seconds = Double((now - began).components.seconds)
            let rest = total - made - state.keptFrames
            // The first seconds tell little.
            let left = made > 0 && seconds >= 3 ? Int(seconds * Double(rest) / Double(made)) : nil
            return (made, state.keptFrames, left)
        }
        let percent = Self.partShare * min(made + kept, total) / total
        let estimate = left.map { ", about \($0) s left" } ?? ""
        report.progress(percent, "making parts, \(made + kept) of \(total) frames\(estimate)")
    }
}
