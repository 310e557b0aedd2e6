import Foundation
import Glibc
import JobCore
import Testing

extension DaemonStories {
    /// Workers that are stopped or killed beside a daemon.
    @Suite struct DaemonWorkerTests {
        private static let hasty = ["JOB_HEARTBEAT_TIMEOUT": "5", "JOB_MONITOR_INTERVAL": "1"]

        /// A worker that has begun this job, and then a daemon beside it.
        private func crew(_ desk: Desk, _ params: String) async throws -> (worker: Program.Run, daemon: Program.Run) {
            let worker = try await desk.work(environment: Self.hasty)
            try desk.write("spool/queued/job.json", #"{"type":"NOOP","params":\#(params)}"#)
            try await desk.until(worker) { worker.errorsSoFar.contains("job running") }
            return (worker, try await desk.serve(environment: Self.hasty))
        }

        @Test func worker_stoppedBySIGSTOP_losesItsJobAndItsLateResult() async throws {
            try await Desk.use { desk in
                let (worker, daemon) = try await crew(desk, #"{"seconds":5,"output_bytes":1000}"#)
                let clock = ContinuousClock()
                let start = clock.now
                worker.signal(SIGSTOP)
                try await desk.until { desk.state("job") == .failed }
                let time = clock.now - start
                DaemonStories.note("job of a stopped worker failed after", time)
                #expect(time < .seconds(7))
                let shown = try Desk.object(try await desk.run("show", "job", "--json").output)
                #expect(shown["error"]?.object?["code"] == "worker_timeout")

                worker.signal(SIGCONT)
                try await desk.until(worker) {
                    ["job left running", "job back in the queue"].contains { worker.errorsSoFar.contains($0) }
                }
                try await desk.stop(worker)
                #expect(desk.state("job") == .failed)
                #expect(try desk.job("job").error?.code == .workerTimeout)
                #expect(try desk.job("job").artifacts.isEmpty)
                #expect(try desk.scratch("job").isEmpty)
                try await desk.stop(daemon)
            }
        }

        @Test func worker_killed_itsJobIsRunningAgainSoon() async throws {
            try await Desk.use { desk in
                let (worker, daemon) = try await crew(desk, #"{"seconds":600}"#)
                let clock = ContinuousClock()
                let start = clock.now
                worker.signal(SIGKILL)
                try await desk.until(daemon) { daemon.errorsSoFar.contains("job running") }
                let time = clock.now - start
                DaemonStories.note("job of a killed worker runs again after", time)
                #expect(time < .seconds(3))
                #expect(try desk.job("job").attempt == 2)
                _ = try await worker.answer()
                #expect(try await desk.run("cancel", "job").status == 0)
                try await desk.stop(daemon)
            }
        }
    }
}
