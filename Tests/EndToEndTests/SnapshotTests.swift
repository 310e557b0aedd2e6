import Foundation
import JobCore
import Synchronization
import Testing

extension DaemonStories {
    /// Plain `rsync -a --delete` of a spool that works, again and again; what each copy is worth.
    @Suite struct SnapshotTests {
        @Test func everySnapshot_restoresToAHealthySpool_withAllThatWasSubmittedBefore() async throws {
            let (jobs, snapshots) = isTorture ? (2000, 20) : (200, 3)
            try await Desk.use { desk in
                for number in 0..<jobs { try desk.write("jobs/j\(number).json", #"{"type":"NOOP"}"#) }
                let daemon = try await desk.serve(environment: ["KINOSPOOL_CONCURRENCY": "noop=4"])
                var submitted = 0
                var promised: [Int: Int] = [:]
                try await withThrowingTaskGroup(of: Void.self) { group in
                    // Jobs come in handfuls while the copies are made.
                    let count = Counter()
                    group.addTask {
                        for first in stride(from: 0, to: jobs, by: 10) {
                            let names = (first..<first + 10).map { "jobs/j\($0).json" }
                            let answer = try await desk.start(["submit"] + names).answer()
                            try #require(answer.status == 0, "\(answer.errors)")
                            count.set(first + 10)
                        }
                    }
                    for number in 0..<snapshots {
                        // A few more each time, whatever the machine's speed.
                        let wanted = jobs * number / snapshots
                        try await desk.until { count.value >= wanted }
                        promised[number] = count.value
                        let status = try await desk.shell("rsync -a --delete spool/ copy/ 2>log; echo $?")
                        try #require(["0\n", "24\n"].contains(status), "\(status)")
                        try await desk.shell("cp -a copy 'snapshot-\(number)'")
                    }
                    try await group.waitForAll()
                    submitted = count.value
                }
                #expect(submitted == jobs)
                #expect(try await desk.stop(daemon).status == 0)
                for number in 0..<snapshots { try await check("snapshot-\(number)", promised[number] ?? 0, desk) }
            }
        }

        private final class Counter: Sendable {
            private let number = Mutex(0)

            var value: Int { number.withLock { $0 } }

            func set(_ value: Int) { number.withLock { $0 = value } }
        }

        private func check(_ spool: String, _ promised: Int, _ desk: Desk) async throws {
            let setting = ["KINOSPOOL_MIN_FREE": "0", "KINOSPOOL_DURABILITY": "fast"]
            let run = try await desk.run("serve", "--once", "-C", spool, environment: setting)
            #expect(run.status == 0, "\(run.errors)")
            let doctor = try await desk.run("doctor", "-C", spool, environment: setting)
            #expect(doctor.status == 0, "\(doctor.output)")
            var seen: [String: Int] = [:]
            for state in JobState.allCases {
                for name in try FileManager.default.contentsOfDirectory(atPath: "\(desk.folder)/\(spool)/\(state)") {
                    seen[name, default: 0] += 1
                }
            }
            let wrong = (0..<promised).filter { seen["j\($0).json"] != 1 }
            #expect(wrong == [], "\(spool), of \(promised)")
            #expect(seen.values.allSatisfy { $0 == 1 })
        }
    }
}
