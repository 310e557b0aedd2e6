import Foundation
import JobCore
import TestSupport
import Testing

extension Torture {
    /// A spool that lives is copied again and again, and each copy is restored: it holds all that had been promised
    /// when the copying began.
    @Suite struct CopyCampaign {
        private static let settings = [
            "KINOSPOOL_MIN_FREE": "0", "KINOSPOOL_DURABILITY": "fast", "JOB_MONITOR_INTERVAL": "200ms",
        ]

        @Test func copiedWhileItLives_eachCopyKeepsEveryPromise() async throws {
            let mold = try await SpoolMold { _ in }
            defer { mold.remove() }
            let deadline = TortureRun.deadline(.copies)
            var random = SeededRandom(TortureRun.seed)
            var (snapshots, accepted) = (0, 0)
            repeat {
                let life = try await copies(of: mold, from: snapshots, until: deadline, &random)
                (snapshots, accepted) = (snapshots + life.copies, accepted + life.accepted)
            } while ContinuousClock.now < deadline
            TortureRun.report("rsync snapshots", snapshots)
            TortureRun.report("jobs accepted meanwhile", accepted)
        }

        /// The copies of one spool, from its first job on. It ends after two of each manner, the second of which brings
        /// the first up to date. A spool that has grown for minutes takes half a minute a copy, and shows nothing that
        /// a small one does not.
        private func copies(
            of mold: SpoolMold, from first: Int, until deadline: ContinuousClock.Instant, _ random: inout SeededRandom
        ) async throws -> (copies: Int, accepted: Int) {
            let desk = try await mold.cast()
            defer { desk.remove() }
            let load = SpoolLoad(desk, environment: Self.settings)
            let daemon = try await desk.serve(environment: Self.settings)
            let worker = try await desk.work(environment: Self.settings)
            let manners = CopyManner.allCases + CopyManner.allCases
            // Held back now and then, so that more changes while it copies.
            let areSlow = manners.map { _ in first >= manners.count && Int.random(in: 0..<3, using: &random) == 0 }
            let count = try await load.during {
                // Something shall lie there before the first copy.
                try await desk.until { desk.count(.done) > 40 }
                // A restored copy has its jobs to run, most of which only wait: the next copy is made meanwhile.
                return try await withThrowingTaskGroup(of: Bool.self) { group in
                    var (count, areWhole) = (0, true)
                    for (manner, isSlow) in zip(manners, areSlow)
                    where areWhole && (first == 0 || ContinuousClock.now < deadline) {
                        if count >= Self.width { areWhole = try await group.next() ?? true }
                        let copy = try await self.copy(of: load, manner, isSlow: isSlow, number: first + count)
                        group.addTask { try await judge(copy) }
                        count += 1
                    }
                    try await group.waitForAll()
                    return count
                }
            }
            #expect(try await desk.stop(worker).status == 0)
            #expect(try await desk.stop(daemon).status == 0)
            return (count, load.history.acceptedCount)
        }

        /// So many copies are restored at a time.
        private static let width = 3

        /// A copy that was taken and put in its place, and what it must hold.
        private struct Copy: Sendable {
            let desk: Desk
            let promises: LoadPromises
            /// How it was made, for people.
            let name: String
            /// What went wrong already; nil for nothing.
            let finding: String?
        }

        private func copy(of load: SpoolLoad, _ manner: CopyManner, isSlow: Bool, number: Int) async throws -> Copy {
            let desk = load.desk
            let (copy, restored) = ("copy-\(manner.rawValue)", "restored-\(number)")
            if !manner.isIncremental { try await desk.shell("rm -rf '\(copy)'") }
            let moment = ContinuousClock.now
            let (done, failed) = (load.ids(in: .done), load.ids(in: .failed))
            let options = (manner.options + (isSlow ? ["--bwlimit=1500"] : [])).joined(separator: " ")
            // Files that vanish are no failure.
            let status = try await desk.shell("rsync \(options) spool/ '\(copy)/' 2>rsync.log; echo $?")
                .trimmingCharacters(in: .newlines)
            let promises = load.history.promises(at: moment, done: done, failed: failed)
            let isCopied = ["0", "24"].contains(status)
            if isCopied { try await desk.shell("mkdir '\(restored)' && rsync -a '\(copy)/' '\(restored)/spool/'") }
            return Copy(
                desk: Desk(folder: "\(desk.folder)/\(restored)"), promises: promises,
                name: "\(manner.rawValue), snapshot \(number), seed \(TortureRun.seed)",
                finding: isCopied
                    ? nil : "rsync ended with \(status): \(desk.read("\(desk.folder)/rsync.log") ?? "")")
        }

        /// Lets a daemon make the copy whole, and says which promise it does not keep. - Returns: whether it keeps all.
        private func judge(_ copy: Copy) async throws -> Bool {
            var findings = copy.finding.map { [$0] } ?? []
            if findings.isEmpty {
                let answer = try await Impatience.during(copy.desk) {
                    try await copy.desk.start(["serve", "--once"], environment: Self.settings)
                        .answer(within: KillTrial.patience)
                }
                if let answer, ![0, 4].contains(answer.status) {
                    findings.append("serve ended with \(answer.status): \(answer.errors.suffix(2000))")
                }
                if answer == nil { findings.append("serve hangs") }
                if !copy.desk.exists("spool/\(SpoolLayout.pausedPaid)") {
                    findings.append("it was not taken for a copy")
                }
                findings += copy.promises.broken(in: copy.desk, isCopy: true)
            }
            if findings.isEmpty {
                copy.desk.remove()
            } else {
                findings.append("what is left: \(KillLanes.keep(copy.desk))")
            }
            #expect(findings == [], "\(copy.name)")
            return findings.isEmpty
        }
    }
}
