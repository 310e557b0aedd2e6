import Foundation
import JobCore
import Synchronization
import Testing

/// Runs trials side by side, three on two processors: a trial waits for the disk and for processes half of its time.
struct KillLanes: Sendable {
    let trials: [KillTrial]
    let deadline: ContinuousClock.Instant
    let score: KillScore

    /// Casts that lie ready: by their turn what was dropped into them has settled.
    private static let stock = 12
    private static let width = 3

    func run() async {
        await withDiscardingTaskGroup { group in
            for lane in 0..<Self.width {
                let own = trials.indices.filter { $0 % Self.width == lane }.map { trials[$0] }
                group.addTask { await run(own, lane) }
            }
        }
    }

    private var isOver: Bool { ContinuousClock.now >= deadline || score.failures >= KillScore.limit }

    private func run(_ trials: [KillTrial], _ lane: Int) async {
        var coming = trials[...]
        var ready: [(KillTrial, Desk)] = []
        defer { for (_, desk) in ready { desk.remove() } }
        do {
            while !isOver {
                while ready.count < Self.stock, let trial = coming.popFirst() {
                    ready.append((trial, try await trial.scenario.mold.cast()))
                }
                guard !ready.isEmpty else { return }
                let (trial, desk) = ready.removeFirst()
                defer { desk.remove() }
                let result = try await trial.run(on: desk, lane: lane)
                score.add(result)
                guard !result.findings.isEmpty else { continue }
                let kept = Self.keep(desk)
                Issue.record(
                    """
                    \(trial.scenario.name) \(trial.fault); repeat with KINOSPOOL_TORTURE_TRIAL=\(trial.text)
                    \(result.findings.joined(separator: "\n"))
                    what is left: \(kept)
                    \(result.story)
                    """)
            }
        } catch {
            Issue.record("the campaign itself broke: \(error)")
            score.add(KillTrial.Result(findings: ["\(error)"]))
        }
    }

    /// Keeps what a failure left, for people to look at.
    static func keep(_ desk: Desk) -> String {
        let kept = "\(NSTemporaryDirectory())/kinospool-torture-kept/\(UUID().uuidString)"
        try? FileManager.default.createDirectory(
            atPath: (kept as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try? FileManager.default.copyItem(atPath: desk.folder, toPath: kept)
        return kept
    }
}

/// What trials brought so far.
final class KillScore: Sendable {
    /// So many failures tell enough.
    static let limit = 8

    private let sums = Mutex((kills: 0, trials: 0, failures: 0))

    var kills: Int { sums.withLock { $0.kills } }
    var trials: Int { sums.withLock { $0.trials } }
    var failures: Int { sums.withLock { $0.failures } }

    func add(_ result: KillTrial.Result) {
        sums.withLock { sums in
            sums.kills += result.kills
            sums.trials += 1
            if !result.findings.isEmpty { sums.failures += 1 }
        }
    }
}
