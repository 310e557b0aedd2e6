import Foundation
import Glibc
import JobCore
import Spool
import Testing

extension DaemonStories {
    /// Many jobs, and then none.
    @Suite struct DaemonScaleTests {
        @Test func thousandsOfJobsFromAShellLoop_areEachDoneOnce_andTheIdleDaemonIsSmall() async throws {
            let jobs = isTorture ? 10_000 : 3000
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                let clock = ContinuousClock()
                let start = clock.now
                let drop = #"printf '{"type":"NOOP"}' > j$i.json; i=$((i+1))"#
                try await desk.shell("cd spool/queued; i=0; while [ $i -lt \(jobs) ]; do \(drop); done")
                try await desk.until { desk.count(.done) == jobs }
                DaemonStories.note("\(jobs) jobs done after", clock.now - start)
                let again = try (0..<jobs).filter { try desk.job("j\($0)").attempt != 1 }
                #expect(again == [])

                // Real time must pass here: the daemon is watched while it has nothing to do.
                try desk.write("spool/queued/later.json", #"{"type":"NOOP","not_before":"2200-01-01T00:00:00Z"}"#)
                try await desk.until { desk.state("later") == .queued }
                #expect(try await desk.run("wait", "later", "--timeout", "3s").status == 8)
                let before = try ticks(daemon.pid)
                #expect(try await desk.run("wait", "later", "--timeout", "10s").status == 8)
                let used = try ticks(daemon.pid) - before
                let size = try residentKilobytes(daemon.pid)
                print("measured: idle daemon after \(jobs) jobs: \(used) ticks in 10 s, \(size / 1024) MB")
                #expect(used <= 5 * sanitizedFactor, "0.5 % of 10 s are 5 ticks")
                // The address sanitizer keeps what was freed, to find who uses it again: its memory, not ours.
                let mostMegabytes = isAddressSanitized ? 1024 : 60 * sanitizedFactor
                #expect(size < mostMegabytes * 1024)
                try await desk.stop(daemon)
            }
        }

        /// Fields 14 and 15 of /proc/PID/stat, behind the name in parentheses: ticks of 10 ms.
        private func ticks(_ pid: Int32) throws -> Int {
            let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            let end = try #require(stat.lastIndex(of: ")"))
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            return try #require(Int(fields[11])) + #require(Int(fields[12]))
        }

        private func residentKilobytes(_ pid: Int32) throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
            return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
        }
    }

    /// The derived index beside a living daemon.
    @Suite struct DaemonIndexTests {
        @Test(arguments: [
            "rm -f spool/index/jobs.sqlite spool/index/jobs.sqlite-wal spool/index/jobs.sqlite-shm",
            "rm -f spool/index/jobs.sqlite", "printf garbage > spool/index/jobs.sqlite",
            "head -c 40000 /dev/urandom 1<> spool/index/jobs.sqlite >&1",
        ])
        func index_brokenWhileTheDaemonRuns_comesBackByItself(command: String) async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                for name in ["one", "two"] { try desk.write("spool/queued/\(name).json", #"{"type":"NOOP"}"#) }
                try await desk.until { desk.count(.done) == 2 && Self.known(desk) == 2 }
                try await desk.shell(command)
                try await desk.until { Self.known(desk) == 2 }
                try desk.write("spool/queued/three.json", #"{"type":"NOOP"}"#)
                try await desk.until { desk.count(.done) == 3 && Self.known(desk) == 3 }
                try await desk.stop(daemon)
            }
        }

        @Test func restart_withoutTheIndex_hasAllJobsAgain() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                for name in ["one", "two"] { try desk.write("spool/queued/\(name).json", #"{"type":"NOOP"}"#) }
                try await desk.until { desk.count(.done) == 2 }
                try await desk.stop(daemon)
                try await desk.shell("rm -rf spool/index")
                let again = try await desk.serve()
                try await desk.until { Self.known(desk) == 2 }
                try await desk.stop(again)
            }
        }

        /// How many jobs the index itself knows to be done, asked without mending it.
        private static func known(_ desk: Desk) -> Int? {
            let index = try? JobIndex(path: "\(desk.folder)/spool/\(SpoolLayout.indexFile)", readOnly: true)
            return try? index?.counts()[.done]
        }
    }
}
