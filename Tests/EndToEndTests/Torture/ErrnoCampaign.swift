import Foundation
import TestSupport
import Testing

extension Torture {
    /// Real errnos from the system calls of a daemon's life, and calls that take long while people change jobs.
    @Suite struct ErrnoCampaign {
        private static let errnos = ["ENOSPC", "EIO", "EMFILE", "EROFS", "EDQUOT", "EACCES", "EINTR", "ESTALE"]

        @Test func anyCallFails_nothingIsLostAndTheDaemonSaysSo() async throws {
            let clock = try WallClock(shift: 7200)
            let life = try await KillScenario.life()
            defer { life.mold.remove() }
            let counts = try await life.countCalls()
            let deadline = TortureRun.deadline(.errnos)
            let score = KillScore()
            let trials = Self.points(counts, life, clock)
            let points = TrialQueue(trials)
            await withDiscardingTaskGroup { group in
                for lane in 0..<3 {
                    group.addTask {
                        while ContinuousClock.now < deadline, score.failures < KillScore.limit,
                            let trial = points.next()
                        {
                            await Self.run(trial, lane, score)
                        }
                    }
                }
            }
            TortureRun.report("calls failed", score.trials)
            let pairs = Set(trials.prefix(score.trials).map { "\($0.fault.call) \($0.fault.kind)" })
            TortureRun.report("pairs of call and errno, of \(counts.count * Self.errnos.count)", pairs.count)
            #expect(score.trials > 0)
        }

        /// Every call with every errno, once and for ever, in an order by chance; each call's name gets its turn.
        private static func points(
            _ counts: [String: Int], _ life: KillScenario, _ clock: WallClock
        ) -> [KillTrial] {
            var random = SeededRandom(TortureRun.seed)
            var rounds: [KillTrial] = []
            // The libraries are opened by numbers that no disk of ours serves; whoever survives that goes on.
            for round in 0..<400 {
                for (call, count) in counts.shuffled(using: &random) {
                    let errno = errnos[(round + call.utf8.count) % errnos.count]
                    // Interrupted for ever is no errno of this world, and neither is a wake-up, a write to a pipe or an
                    // eventfd, that fails for ever: strace(1) cannot tell it from a write to a file.
                    let mayLast = errno != "EINTR" && call != "write"
                    let isLasting = Int.random(in: 0..<4, using: &random) == 0 && mayLast
                    let fault = SystemCallFault(
                        call: call, kind: .error(errno), number: Int.random(in: 1...count, using: &random),
                        isLasting: isLasting)
                    rounds.append(
                        KillTrial(scenario: life, fault: fault, clock: clock, seed: random.next() % 1_000_000))
                }
            }
            return rounds
        }

        private static func run(_ trial: KillTrial, _ lane: Int, _ score: KillScore) async {
            do {
                let desk = try await trial.scenario.mold.cast()
                defer { desk.remove() }
                let result = try await trial.endure(on: desk, lane: lane)
                score.add(result)
                guard !result.findings.isEmpty else { return }
                Issue.record(
                    """
                    \(trial.fault), seed \(TortureRun.seed)
                    \(result.findings.joined(separator: "\n"))
                    what is left: \(KillLanes.keep(desk))
                    \(result.story)
                    """)
            } catch {
                Issue.record("\(trial.fault): the campaign itself broke: \(error)")
                score.add(KillTrial.Result(findings: ["\(error)"]))
            }
        }

        @Test func slowRenamesAndLocks_peopleWhoChangeJobsMeanwhileGetWhatTheyWereTold() async throws {
            let deadline = TortureRun.deadline(.slowCalls)
            var random = SeededRandom(TortureRun.seed)
            var rounds = 0
            repeat {
                try await Self.race(&random)
                rounds += 1
            } while ContinuousClock.now < deadline
            TortureRun.report("slow daemons", rounds)
        }

        /// Cancels and retries beside a daemon each of whose renames or locks takes a moment.
        private static func race(_ random: inout SeededRandom) async throws {
            let call = ["renameat2", "flock"][Int.random(in: 0..<2, using: &random)]
            let delay = SystemCallFault(
                call: call, kind: .delay(Int.random(in: 2000...30_000, using: &random)), number: 1, isLasting: true)
            let jobs = (0..<6).map { "job\($0)" }
            try await Desk.use { desk in
                for job in jobs { try await desk.submit(job, #"{"seconds":0.05,"output_bytes":300}"#) }
                let daemon = try desk.start(
                    ["serve"], environment: KillScenario.environment, launcher: delay.launcher)
                var told: [String: String] = [:]
                for _ in 0..<12 {
                    let job = jobs[Int.random(in: 0..<jobs.count, using: &random)]
                    let word = Bool.random(using: &random) ? "cancel" : "retry"
                    let answer = try await desk.run(word, job)
                    if answer.status == 0 { told[job] = word }
                    #expect(answer.status < 128, "\(delay): \(word) \(job): \(answer.errors)")
                }
                for child in ProcessTree.descendants(of: daemon.pid) { kill(child, SIGTERM) }
                let answer = try await daemon.answer(within: 60)
                #expect(answer?.status == 0, "\(delay): \(answer?.errors ?? "hangs")")
                let last = try await Impatience.during(desk) {
                    try await desk.run("serve", "--once", environment: KillScenario.environment)
                }
                #expect(last.status == 0, "\(delay): \(last.errors)")
                let audit = SpoolAudit(root: "\(desk.folder)/spool")
                let findings = audit.findings(.init(accepted: Set(jobs)), isAtRest: true) + audit.remains()
                #expect(findings == [], "\(delay), seed \(TortureRun.seed)")
                for job in jobs {
                    let expected = told[job] == "cancel" ? "canceled" : "done"
                    #expect(desk.ending(job) == expected, "\(job), \(delay), seed \(TortureRun.seed)")
                }
            }
        }
    }
}
