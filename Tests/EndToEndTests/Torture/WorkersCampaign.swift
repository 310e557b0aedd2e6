import Foundation
import JobCore
import Testing

extension Torture {
    /// Several processes take jobs from one spool, and none takes another's.
    @Suite struct WorkersCampaign {
        private static let settings = ["KINOSPOOL_MIN_FREE": "0", "KINOSPOOL_DURABILITY": "fast"]

        @Test(arguments: [1, 2, 4, 8]) func workersSideBySide_runEachJobOnce(workers: Int) async throws {
            let jobs = TortureRun.isLong ? 300 : 80
            try await Desk.use { desk in
                try await desk.shell(
                    """
                    cd spool/queued
                    for i in $(seq \(jobs)); do
                        echo '{"type":"NOOP","params":{"output_bytes":9}}' > .new; mv .new job$i.json
                    done
                    """)
                let clock = ContinuousClock()
                let start = clock.now
                // With eight of them a daemon watches over the same jobs and takes its share.
                let roles = Array(repeating: "work", count: workers) + (workers == 8 ? ["serve"] : [])
                let runs = try roles.map { try desk.start([$0, "--once"], environment: Self.settings) }
                for run in runs {
                    let answer = try #require(try await run.answer(within: 120), "a worker hangs")
                    #expect(answer.status == 0, "\(answer.errors.suffix(1000))")
                }
                let time = clock.now - start
                TortureRun.report(
                    "workers-\(workers) jobs/s", Int(Double(jobs) / (Double(time.milliseconds) / 1000)))
                try verify(desk, jobs)
            }
        }

        private func verify(_ desk: Desk, _ jobs: Int) throws {
            let audit = SpoolAudit(root: "\(desk.folder)/spool")
            #expect(audit.findings(.init(), isAtRest: true) + audit.remains() == [])
            #expect(desk.count(.done) == jobs)
            var wrong: [String] = []
            for index in 1...jobs {
                let id = "job\(index)"
                let log = desk.read("\(audit.record(of: id))/log.txt") ?? ""
                let starts = log.split(separator: "\n").count { $0.contains("started") }
                let ends = log.split(separator: "\n").count { $0.contains(" done") }
                let attempt = try desk.job(id).attempt
                if (starts, ends, attempt) != (1, 1, 1) {
                    wrong.append("\(id): attempt \(attempt), started \(starts) times, done \(ends) times")
                }
                if try desk.scratch(id) != ["output.bin"] { wrong.append("\(id) has \(try desk.scratch(id))") }
            }
            #expect(wrong == [])
        }
    }
}
