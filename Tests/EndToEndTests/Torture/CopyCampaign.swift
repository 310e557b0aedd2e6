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

        /// The copies of one spool, from its first job on. It ends after one of each manner: a spool that has grown for
        /// minutes takes half a minute a copy, and shows nothing that a small one does not.
        private func copies(
            of mold: SpoolMold, from first: Int, until deadline: ContinuousClock.Instant, _ random: inout SeededRandom
        ) async throws -> (copies: Int, accepted: Int) {
            let desk = try await mold.cast()
            defer { desk.remove() }
            let load = SpoolLoad(desk, environment: Self.settings)
            let daemon = try await desk.serve(environment: Self.settings)
            let worker = try await desk.work(environment: Self.settings)
            let manners = CopyManner.allCases
            // Held back now and then, so that more changes while it copies.
            let areSlow = manners.map { _ in first >= manners.count && Int.random(in: 0..<3, using: &random) == 0 }
            let count = try await load.during {
                // Something shall lie there before the first copy.
                try await desk.until { desk.count(.done) > 40 }
                var count = 0
                while count < manners.count, first == 0 || ContinuousClock.now < deadline {
                    let manner = manners[count % manners.count]
                    let number = first + count
                    let findings = try await snapshot(of: load, manner, isSlow: areSlow[count], number: number)
                    #expect(findings == [], "\(manner.rawValue), snapshot \(number), seed \(TortureRun.seed)")
                    count += 1
                    if !findings.isEmpty { break }
                }
                return count
            }
            #expect(try await desk.stop(worker).status == 0)
            #expect(try await desk.stop(daemon).status == 0)
            return (count, load.history.acceptedCount)
        }

        /// Copies, restores, lets a daemon make the copy whole, and says which promise it does not keep.
        private func snapshot(
            of load: SpoolLoad, _ manner: CopyManner, isSlow: Bool, number: Int
        ) async throws -> [String] {
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
            guard ["0", "24"].contains(status) else {
                return ["rsync ended with \(status): \(desk.read("\(desk.folder)/rsync.log") ?? "")"]
            }
            let other = Desk(folder: "\(desk.folder)/\(restored)")
            try await desk.shell("mkdir '\(restored)' && rsync -a '\(copy)/' '\(restored)/spool/'")
            var findings: [String] = []
            let answer = try await Impatience.during(other) {
                try await other.start(["serve", "--once"], environment: Self.settings)
                    .answer(within: KillTrial.patience)
            }
            if let answer, ![0, 4].contains(answer.status) {
                findings.append("serve ended with \(answer.status): \(answer.errors.suffix(2000))")
            }
            if answer == nil { findings.append("serve hangs") }
            if !other.exists("spool/\(SpoolLayout.pausedPaid)") { findings.append("it was not taken for a copy") }
            findings += promises.broken(in: other, isCopy: true)
            if findings.isEmpty { other.remove() } else { findings.append("what is left: \(KillLanes.keep(other))") }
            return findings
        }
    }
}
