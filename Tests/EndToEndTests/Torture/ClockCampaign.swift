import Foundation
import Glibc
import JobCore
import Testing

extension Torture {
    /// Clocks that jump, times of files that lie, processes that are stopped for a while.
    @Suite struct ClockCampaign {
        private static let hasty = [
            "JOB_HEARTBEAT_TIMEOUT": "6", "JOB_HEARTBEAT_INTERVAL": "200ms", "JOB_MONITOR_INTERVAL": "200ms",
        ]

        @Test func theWallClockJumps_noLivingJobFailsAndNewOnesStart() async throws {
            let clock = try WallClock()
            try await Desk.use { desk in
                let environment = Self.hasty.merging(clock.environment) { _, new in new }
                let daemon = try await desk.serve(environment: environment)
                try await desk.submit("long", #"{"seconds":4,"output_bytes":100}"#)
                try await desk.until { desk.state("long") == .running }
                let day = 86_400
                for (index, shift) in [day, -day, 30 * day, -30 * day, 7200, 0].enumerated() {
                    try clock.set(shift)
                    // The kernel dates files by its own clock: for one that stands a day back they are of tomorrow, and
                    // wait as any file from the future does.
                    guard shift >= 0 else { continue }
                    try await desk.submit("jump\(index)", #"{"output_bytes":10}"#)
                    try await desk.until { desk.state("jump\(index)") == .done }
                }
                try await desk.until { desk.state("long")?.isFinal == true }
                try await desk.stop(daemon)
                #expect(desk.ending("long") == "done")
                #expect(try desk.job("long").attempt == 1)
                Self.expectWhole(desk)
            }
        }

        @Test func timesOfFilesLie_noLivingJobFails() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve(environment: Self.hasty)
                for job in ["one", "two"] { try await desk.submit(job, #"{"seconds":3,"output_bytes":100}"#) }
                try await desk.until { desk.count(.running) == 2 }
                let record = SpoolAudit(root: "\(desk.folder)/spool").record(of: "one")
                for time in ["1 day ago", "30 days ago", "now + 1 day", "now + 30 days", "1970-01-02", "2300-01-01"] {
                    try await desk.shell(
                        """
                        touch -d '\(time)' '\(record)/beat' '\(record)/job.json' '\(record)/run.json' '\(record)/a1' \\
                            spool/running/two.json spool/running spool/meta/identity
                        """)
                }
                try await desk.until { desk.count(.running) == 0 }
                try await desk.stop(daemon)
                for job in ["one", "two"] {
                    #expect(desk.ending(job) == "done")
                    #expect(try desk.job(job).attempt == 1)
                }
                Self.expectWhole(desk)
            }
        }

        @Test func aJobFromTheFuture_waitsUntilItIsTouched() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                try await desk.shell(
                    """
                    for day in 1 30; do
                        echo '{"type":"NOOP"}' > later$day.json; touch -d "now + $day days" later$day.json
                        mv later$day.json spool/queued/
                    done
                    """)
                try await desk.submit("other", #"{"seconds":0.5}"#)
                try await desk.until { desk.state("other") == .done }
                #expect(desk.state("later1") == .queued)
                #expect(desk.state("later30") == .queued)
                try await desk.shell("touch spool/queued/later1.json")
                try await desk.until { desk.state("later1") == .done }
                #expect(desk.state("later30") == .queued)
                try await desk.shell("touch -d yesterday spool/queued/later30.json")
                try await desk.until { desk.state("later30") == .done }
                try await desk.stop(daemon)
                Self.expectWhole(desk)
            }
        }

        @Test func stoppedForLessThanTheTimeout_noJobFails() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve(environment: Self.hasty)
                try await desk.submit("one", #"{"seconds":2,"output_bytes":100}"#)
                try await desk.until { desk.state("one") == .running }
                let worker = try await desk.work(environment: Self.hasty)
                // `serve` takes what it can at once, so both stop in turn, whoever has the job.
                for run in [daemon, worker] {
                    run.signal(SIGSTOP)
                    try await desk.shell("sleep 1.5")
                    run.signal(SIGCONT)
                }
                try await desk.until { desk.state("one")?.isFinal == true }
                try await desk.stop(worker)
                try await desk.stop(daemon)
                #expect(desk.ending("one") == "done")
                #expect(try desk.job("one").attempt == 1)
                Self.expectWhole(desk)
            }
        }

        @Test func anotherTimeSinceBoot_whatADeadDaemonLeftIsRecovered() async throws {
            let namespace = ["unshare", "--time", "--boottime", "10000000", "--monotonic", "10000000", "--fork"]
            try await Desk.use { desk in
                guard (try? await desk.shell("\(namespace.joined(separator: " ")) true")) != nil else {
                    _ = TortureRun.needs(false, "time namespaces")
                    return
                }
                try await desk.leaveRunning("died", #"{"output_bytes":100}"#)
                for launcher in [namespace, []] {
                    try await desk.submit("job\(launcher.count)", #"{"seconds":0.3,"output_bytes":10}"#)
                    let run = try desk.start(
                        ["serve", "--once"], environment: KillScenario.environment, launcher: launcher)
                    let answer = try #require(try await run.answer(within: 30), "serve hangs")
                    #expect(answer.status == 0, "\(answer.errors)")
                    #expect(desk.ending("job\(launcher.count)") == "done")
                }
                #expect(desk.ending("died") == "done")
                Self.expectWhole(desk, mayHaveLeftovers: true)
            }
        }

        /// - Parameter mayHaveLeftovers: half-made files younger than an hour may lie in `tmp/`: their writer died.
        private static func expectWhole(_ desk: Desk, mayHaveLeftovers: Bool = false) {
            let audit = SpoolAudit(root: "\(desk.folder)/spool")
            let findings = audit.findings(.init(), isAtRest: true) + audit.remains()
            #expect(findings.filter { !mayHaveLeftovers || !$0.hasPrefix("tmp/") } == [])
        }
    }
}
