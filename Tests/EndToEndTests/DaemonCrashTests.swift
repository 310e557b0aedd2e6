import Foundation
import Glibc
import JobCore
import Testing

extension DaemonStories {
    /// kill -9 of the daemon at random moments.
    @Suite struct DaemonCrashTests {
        @Test func daemonKilledAgainAndAgain_eachJobEndsOnce() async throws {
            let (kills, jobs) = isTorture ? (200, 500) : (40, 120)
            try await Desk.use { desk in
                for index in 0..<jobs {
                    let params = #"{"seconds":\#(Double(index % 5) / 50),"output_bytes":\#(index % 3 * 500)}"#
                    try desk.write("spool/queued/job\(index).json", #"{"type":"NOOP","params":\#(params)}"#)
                }
                // Killed at moments from before it is up to in the middle of many jobs.
                let lines = (0..<kills).map { _ in
                    "timeout -s KILL 0.\(Int.random(in: 100...450)) '\(Program.path)' serve 2>> errors"
                }
                try await desk.shell("export KINOSPOOL_MIN_FREE=0; \(lines.joined(separator: "; ")); true")
                let daemon = try await desk.serve()
                // Jobs that died twice in a row would wait for a while: a person need not.
                try await desk.shell("for f in spool/queued/*.json; do touch -c \"$f\"; done")
                try await desk.until { desk.count(.done) + desk.count(.failed) == jobs }
                try await desk.stop(daemon)
                try verify(desk, jobs)
            }
        }

        private func verify(_ desk: Desk, _ jobs: Int) throws {
            var wrong: [String] = []
            for index in 0..<jobs {
                let id = "job\(index)"
                let states = JobState.allCases.filter { desk.exists("spool/\($0.rawValue)/\(id).json") }
                guard states.count == 1, let state = states.first, state.isFinal else {
                    wrong.append("\(id) lies in \(states)")
                    continue
                }
                let job = try desk.job(id)
                if job.outcome != state { wrong.append("\(id) in \(state) says \(String(describing: job.outcome))") }
                if state == .failed, job.error?.code != .workerTimeout {
                    wrong.append("\(id) failed: \(job.error as Any)")
                }
                if state == .done, job.artifacts.map(\.bytes) != (index % 3 == 0 ? [] : [Int64(index % 3 * 500)]) {
                    wrong.append("\(id) has \(job.artifacts)")
                }
                if state == .done, index % 3 > 0, try desk.scratch(id, attempt: job.attempt) != ["output.bin"] {
                    wrong.append("\(id) has lost its output")
                }
            }
            #expect(wrong == [])
            #expect(desk.count(.running) == 0)
            // Deaths of the daemon are not the jobs' fault: hardly any may be given up.
            #expect(desk.count(.failed) <= jobs / 20)
        }
    }
}
