import Foundation
import Synchronization
import TestSupport
import Testing

extension Torture {
    /// SIGKILL before every system call of everything that changes a spool.
    @Suite struct KillCampaign {
        @Test func killedBeforeAnyCall_nothingIsLostAndAllIsMadeWhole() async throws {
            let clock = try WallClock(shift: 7200)
            let scenarios = try await Self.scenarios()
            defer { for scenario in scenarios { scenario.mold.remove() } }
            let points = try await Self.points(scenarios)
            TortureRun.report("kill points", points.count)
            let deadline = TortureRun.deadline(.kills)
            let score = KillScore()
            var random = SeededRandom(TortureRun.seed)
            while ContinuousClock.now < deadline, score.failures < KillScore.limit {
                let trials = Self.order(points, clock, using: &random)
                await KillLanes(trials: trials, deadline: deadline, score: score).run()
            }
            TortureRun.report("kills", score.kills)
            TortureRun.report("kill trials", score.trials)
            #expect(score.kills > 0)
        }

        /// Every kind of program, with what lies before it.
        private static func scenarios() async throws -> [KillScenario] {
            let all = try await [.life(), .crew(), .copy(), .begin(), .resume()] + KillScenario.commands()
            guard let only = KillTrial.wanted?.first else { return all }
            return all.filter { $0.name == only }
        }

        /// Every call of every program, by a run that nobody disturbs; the ones that matter first.
        private static func points(
            _ scenarios: [KillScenario]
        ) async throws -> [(scenario: KillScenario, fault: SystemCallFault)] {
            var points: [(KillScenario, SystemCallFault)] = []
            for scenario in scenarios {
                let counts = try await scenario.countCalls()
                for (call, count) in counts.sorted(by: { $0.key < $1.key }) {
                    // One more than there are: that run ends by itself.
                    for number in 1...(count + 1) {
                        points.append((scenario, SystemCallFault(call: call, kind: .kill, number: number)))
                    }
                }
            }
            return points
        }

        /// A round over all points by chance: two that change the disk, then one that only opens or keeps the index.
        private static func order(
            _ points: [(scenario: KillScenario, fault: SystemCallFault)], _ clock: WallClock,
            using random: inout SeededRandom
        ) -> [KillTrial] {
            let trials = points.shuffled(using: &random).map {
                KillTrial(scenario: $0.scenario, fault: $0.fault, clock: clock, seed: random.next() % 1_000_000)
            }
            if let wanted = KillTrial.wanted, wanted.count == 4, let scenario = points.first?.scenario,
                let number = Int(wanted[2]), let seed = UInt64(wanted[3])
            {
                let fault = SystemCallFault(call: wanted[1], kind: .kill, number: number)
                return [KillTrial(scenario: scenario, fault: fault, clock: clock, seed: seed)]
            }
            var greater = trials.filter { !SystemCallFault.lesser.contains($0.fault.call) }[...]
            var lesser = trials.filter { SystemCallFault.lesser.contains($0.fault.call) }[...]
            var order: [KillTrial] = []
            while !greater.isEmpty || !lesser.isEmpty {
                order += greater.prefix(2) + lesser.prefix(1)
                (greater, lesser) = (greater.dropFirst(2), lesser.dropFirst(1))
            }
            return order
        }
    }
}

extension KillTrial {
    /// The one trial that `KINOSPOOL_TORTURE_TRIAL` asks for, as `text` names it; a scenario's name alone runs all of
    /// its trials.
    static let wanted = ProcessInfo.processInfo.environment["KINOSPOOL_TORTURE_TRIAL"]
        .map { $0.split(separator: "/").map(String.init) }
}
