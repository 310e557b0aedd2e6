import Foundation
import Glibc
import JobCore
import Testing

extension Torture {
    /// inotify is a hint only: whatever happens to it, every job gets done, by looking at the folders.
    @Suite struct HintCampaign {
        @Test func theQueueOfEventsOverflows_everyJobGetsDone() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve()
                let limit = try #require(
                    Int(
                        (desk.read("/proc/sys/fs/inotify/max_queued_events") ?? "").trimmingCharacters(
                            in: .whitespacesAndNewlines)))
                // While it stands still it reads nothing: what comes after the overflow, it is never told.
                daemon.signal(SIGSTOP)
                try await desk.shell(
                    """
                    cd spool/queued; seq \(limit + 1000) | sed 's/^/.noise/' | xargs touch
                    for i in $(seq 30); do echo '{"type":"NOOP"}' > .new; mv .new job$i.json; done
                    """)
                daemon.signal(SIGCONT)
                try await desk.until { desk.count(.done) == 30 }
                #expect(daemon.errorsSoFar.contains("events were lost"))
                try await desk.shell("cd spool/queued; ls -A | grep noise | xargs rm")
                #expect(try await desk.stop(daemon).status == 0)
                Self.expectWhole(desk)
            }
        }

        @Test func aWatchedFolderIsMovedAwayAndBack_everyJobGetsDone() async throws {
            try await Desk.use { desk in
                let daemon = try await desk.serve(environment: ["JOB_MONITOR_INTERVAL": "1"])
                for round in 0..<(TortureRun.isLong ? 10 : 2) {
                    try await desk.shell(
                        """
                        cd spool; mv queued away
                        echo '{"type":"NOOP"}' > away/moved\(round).json; mv -T away queued || mv away/*.json queued/
                        rm -rf away; rmdir canceled; rmdir queued 2> /dev/null; mkdir -p queued canceled
                        echo '{"type":"NOOP"}' > queued/anew\(round).json
                        """)
                    try await Self.until(desk) {
                        desk.state("moved\(round)") == .done && desk.state("anew\(round)") == .done
                    }
                }
                #expect(try await desk.stop(daemon).status == 0)
                Self.expectWhole(desk)
            }
        }

        @Test(arguments: [("inotify_init1", "EMFILE"), ("inotify_add_watch", "ENOSPC")])
        func noEventEverComes_everyJobGetsDoneWithinSeconds(call: String, errno: String) async throws {
            try await Desk.use { desk in
                let fault = SystemCallFault(call: call, kind: .error(errno), number: 1, isLasting: true)
                let daemon = try desk.start(
                    ["serve"], environment: ["KINOSPOOL_MIN_FREE": "0"], launcher: fault.launcher)
                try await desk.until(daemon) { daemon.errorsSoFar.contains(" ready ") }
                #expect(daemon.errorsSoFar.contains("folders cannot be watched"))
                let clock = ContinuousClock()
                let start = clock.now
                for index in 0..<20 { try desk.write("spool/queued/job\(index).json", #"{"type":"NOOP"}"#) }
                try desk.write("spool/inbox/album.json", #"{"type":"NOOP","params":{"image":"cat.png"}}"#)
                try desk.write("spool/inbox/cat.png", "a cat")
                try await desk.until { desk.count(.done) == 21 }
                // A file settles for 2 s and is looked for every 2 s: a few rounds of that, on a busy machine.
                #expect(clock.now - start < .seconds(15))
                for child in ProcessTree.descendants(of: daemon.pid) { kill(child, SIGTERM) }
                #expect(try await daemon.answer().status == 0)
                Self.expectWhole(desk)
            }
        }

        /// Waits while folders come and go, whose watches go with them: the spool itself is asked as well.
        private static func until(_ desk: Desk, condition: @escaping @Sendable () throws -> Bool) async throws {
            let states = JobState.allCases.map { "\(desk.folder)/spool/\($0.rawValue)" }
            try await ChangeSignal.wait(for: ["\(desk.folder)/spool"] + states, until: condition)
        }

        private static func expectWhole(_ desk: Desk) {
            let audit = SpoolAudit(root: "\(desk.folder)/spool")
            let findings = audit.findings(.init(), isAtRest: true) + audit.remains()
            #expect(findings == [])
        }
    }
}
