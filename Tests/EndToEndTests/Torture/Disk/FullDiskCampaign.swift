import Foundation
import Glibc
import JobCore
import TestSupport
import Testing

extension Torture {
    /// Disks that run full, or read-only, under a spool at work: nothing is lost, and it goes on by itself.
    @Suite struct FullDiskCampaign {
        private static let settings = ["KINOSPOOL_MIN_FREE": "0", "JOB_MONITOR_INTERVAL": "200ms"]

        @Test(arguments: SmallDisk.allCases)
        func diskRunsFull_nothingIsLostAndItGoesOnByItself(disk: SmallDisk) async throws {
            guard TortureRun.needs(getuid() == 0, "root for mounts") else { return }
            try await Desk.use(isEmpty: true) { desk in
                try await disk.use(on: desk) {
                    let deadline = TortureRun.deadline(.fullDisks)
                    let crew = [
                        try await desk.serve(environment: Self.settings),
                        try await desk.work(environment: Self.settings),
                    ]
                    let load = Self.load(on: desk)
                    let refused = try await Impatience.during(desk) {
                        let refused = try await load.during {
                            var refused = 0
                            repeat {
                                refused += try await fillAndEmpty(disk, load, crew)
                            } while ContinuousClock.now < deadline
                            return refused
                        }
                        try await drained(desk, crew)
                        return refused
                    }
                    let answers = try await stopped(crew, desk)
                    TortureRun.report("times \(disk.rawValue) ran full", Self.count("has room again", in: answers))
                    TortureRun.report("submits refused by a full disk (\(disk.rawValue))", refused)
                    #expect(refused > 0)
                    let promises = load.history.promises(at: .now, done: [], failed: [])
                    #expect(promises.broken(in: desk, mayHaveLeftovers: false) == [], "seed \(TortureRun.seed)")
                    #expect(!desk.exists("spool/\(SpoolLayout.pausedFull)"))
                    #expect(desk.exists("spool/\(SpoolLayout.ballast)"))
                }
            }
        }

        @Test(arguments: SmallDisk.allCases)
        func diskIsFull_jobsThatRunStillEndAndPeopleMayCancelAndDelete(disk: SmallDisk) async throws {
            guard TortureRun.needs(getuid() == 0, "root for mounts") else { return }
            try await Desk.use(isEmpty: true) { desk in
                try await disk.use(on: desk) {
                    let crew = [try await desk.serve(environment: Self.settings.merging(Self.full) { $1 })]
                    try await until(desk, crew) { desk.exists("spool/\(SpoolLayout.ballast)") }
                    let jobs = (0..<8).map { "job\($0)" }
                    for job in jobs { try await desk.submit(job, #"{"seconds":20}"#) }
                    for job in ["stopped", "unwanted"] { try await desk.submit(job, #"{"seconds":600}"#) }
                    try await until(desk, crew) { desk.count(.running) == 10 }
                    try await disk.fill(on: desk)
                    // The index is the first that gives way where bytes are missing: its journal goes, and leaves room.
                    try await until(desk, crew) { disk == .files || !desk.exists("spool/index/jobs.sqlite-wal") }
                    try await disk.fill(on: desk)
                    #expect(!desk.exists("spool/\(SpoolLayout.pausedFull)"), "the ballast was gone before a job ended")
                    // Nobody makes room: what ends from here on ends on the ballast.
                    try await until(desk, crew) { desk.count(.done) == 8 }
                    #expect(try await desk.run("cancel", "stopped").output == "stopped canceled\n")
                    #expect(try await desk.run("rm", "--force", "unwanted").output == "unwanted deleted\n")
                    #expect(desk.exists("spool/\(SpoolLayout.pausedFull)"), "the ballast was not needed")
                    try await disk.empty(on: desk)
                    try await until(desk, crew) { !desk.exists("spool/\(SpoolLayout.pausedFull)") }
                    try await desk.submit("next")
                    try await until(desk, crew) { desk.state("next") == .done }
                    _ = try await stopped(crew, desk)
                    let promises = LoadPromises(
                        audit: SpoolAudit.Promises(
                            accepted: Set(jobs), canceled: ["stopped"], done: Set(jobs + ["next"])),
                        deleted: ["unwanted"])
                    #expect(promises.broken(in: desk, mayHaveLeftovers: false) == [])
                }
            }
        }

        /// The disk fills under the load, and is emptied. - Returns: how many submits were refused.
        private func fillAndEmpty(
            _ disk: SmallDisk, _ load: SpoolLoad, _ crew: [Program.Run]
        ) async throws -> Int {
            let desk = load.desk
            var refused = 0
            for round in 0..<6 {
                try await disk.fill(on: desk)
                refused += try await submit("probe\(round)", on: desk) ? 0 : 1
            }
            try await disk.empty(on: desk)
            // It goes on by itself: the queue opens, and what is submitted from now on gets done.
            try await until(desk, crew) { !desk.exists("spool/\(SpoolLayout.pausedFull)") }
            let accepted = load.history.acceptedCount
            try await until(desk, crew) { load.history.acceptedCount > accepted + 16 }
            return refused
        }

        /// One job more. - Returns: whether it was accepted; where not, it must say why and leave nothing behind.
        private func submit(_ name: String, on desk: Desk) async throws -> Bool {
            let id = "\(name)-\(UUID().uuidString.lowercased().prefix(8))"
            try desk.write("jobs/\(id).json", #"{"type":"NOOP","job_id":"\#(id)","params":{"output_bytes":5000}}"#)
            let answer = try await desk.run("submit", "--json", "jobs/\(id).json")
            guard answer.status != 0 else { return true }
            #expect((answer.output + answer.errors).contains("disk_full"), "\(answer)")
            let audit = SpoolAudit(root: "\(desk.folder)/spool")
            #expect(audit.places(of: id).isEmpty && !desk.exists(path: audit.record(of: id)), "\(id) left something")
            return false
        }

        @Test func diskIsReadOnlyForAWhile_nothingIsLostAndItGoesOnByItself() async throws {
            let protection = try WriteProtection()
            try await Desk.use { desk in
                let settings = Self.settings.merging(protection.environment) { $1 }
                let crew = [
                    try await desk.serve(environment: settings), try await desk.work(environment: settings),
                ]
                // People's commands meet the same disk.
                let load = Self.load(on: desk, protection.environment)
                try await Impatience.during(desk) {
                    try await load.during {
                        for _ in 0..<(TortureRun.isLong ? 8 : 2) {
                            let accepted = load.history.acceptedCount
                            try await until(desk, crew) { load.history.acceptedCount > accepted + 16 }
                            try protection.set(true)
                            try await desk.shell("sleep 1")
                            try protection.set(false)
                        }
                    }
                    try await drained(desk, crew)
                }
                let answers = try await stopped(crew, desk)
                #expect(Self.count("Read-only file system", in: answers) > 0)
                // What a command left half-way because the disk said no, the next start completes.
                #expect([0, 4].contains(try await desk.run("serve", "--once", environment: Self.settings).status))
                let promises = load.history.promises(at: .now, done: [], failed: [])
                #expect(promises.broken(in: desk, mayHaveLeftovers: true) == [], "seed \(TortureRun.seed)")
            }
        }

        @Test func ext4TurnsReadOnlyByAnError_theNextStartAfterTheMountGoesOn() async throws {
            guard TortureRun.needs(getuid() == 0, "root for mounts") else { return }
            try await Desk.use(isEmpty: true) { desk in
                try await desk.shell("truncate -s 64M case.img && mkfs.ext4 -q -F case.img")
                let load = Self.load(on: desk)
                let image = "\(desk.folder)/case.img"
                try await LoopMount.use(image, .ext4, on: desk, at: "spool") { _ in
                    _ = try await desk.run("init", "--quiet")
                    let daemon = try await desk.serve(environment: Self.settings.merging(Self.full) { $1 })
                    try await load.during {
                        try await until(desk, [daemon]) { load.history.acceptedCount > 40 && desk.count(.running) > 0 }
                        // What ext4 does by itself when the disk below it fails.
                        try await desk.shell("mount -o remount,abort spool 2>/dev/null; ! touch spool/new 2>/dev/null")
                        try await desk.shell("sleep 1")
                        #expect(kill(daemon.pid, 0) == 0, "the daemon is gone")
                    }
                    daemon.signal(SIGTERM)
                    let answer = try #require(try await daemon.answer(within: 30), "a daemon on a dead disk hangs")
                    #expect(answer.status < 128, "\(answer.errors.suffix(2000))")
                }
                let promises = load.history.promises(at: .now, done: [], failed: [])
                try await LoopMount.use(image, .ext4, on: desk, at: "spool") { _ in
                    let answer = try await Impatience.during(desk) {
                        try await desk.start(["serve", "--once"], environment: Self.settings).answer(within: 60)
                    }
                    #expect([0, 4].contains(answer?.status), "\(answer?.errors.suffix(2000) ?? "hangs")")
                    #expect(promises.broken(in: desk) == [], "seed \(TortureRun.seed)")
                }
            }
        }

        private static let full = ["KINOSPOOL_DURABILITY": "full"]

        /// Work with outputs that a small disk feels.
        private static func load(on desk: Desk, _ environment: [String: String] = [:]) -> SpoolLoad {
            var load = SpoolLoad(desk, environment: full.merging(environment) { $1 })
            load.outputs = 0...60_000
            load.most = 40
            return load
        }

        /// Waits until nothing is under way any more.
        private func drained(_ desk: Desk, _ crew: [Program.Run]) async throws {
            try await until(desk, crew) { desk.count(.queued) + desk.count(.running) == 0 }
        }

        /// As `Desk.until`, with an eye on `meta/` and on those who shall bring it about.
        private func until(
            _ desk: Desk, _ crew: [Program.Run], _ condition: @escaping @Sendable () throws -> Bool
        ) async throws {
            let folders = JobState.allCases.map(\.rawValue) + [SpoolLayout.meta, SpoolLayout.index]
            try await ChangeSignal.wait(for: folders.map { "\(desk.folder)/spool/\($0)" }) {
                for run in crew where kill(run.pid, 0) != 0 {
                    throw Failure(.internalError, "a program is gone: \(run.errorsSoFar.suffix(3000))")
                }
                return try condition()
            }
        }

        private func stopped(_ crew: [Program.Run], _ desk: Desk) async throws -> [Program.Answer] {
            var answers: [Program.Answer] = []
            for run in crew.reversed() {
                let answer = try await desk.stop(run)
                #expect(answer.status == 0, "\(answer.errors.suffix(2000))")
                try desk.write("crew/\(answers.count).log", answer.errors)
                answers.append(answer)
            }
            return answers
        }

        private static func count(_ words: String, in answers: [Program.Answer]) -> Int {
            answers.reduce(0) { $0 + $1.errors.components(separatedBy: words).count - 1 }
        }
    }
}
