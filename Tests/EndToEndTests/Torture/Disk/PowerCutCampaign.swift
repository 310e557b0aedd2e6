import Foundation
import Glibc
import JobCore
import TestSupport
import Testing

extension Torture {
    /// A file system that is shut down under load, as by a power cut: what its journal had not taken is gone.
    @Suite struct PowerCutCampaign {
        private static let settings = ["KINOSPOOL_MIN_FREE": "0", "KINOSPOOL_DURABILITY": "full"]

        @Test(arguments: [FileSystemKind.ext4, .xfs])
        func shutDownUnderLoad_keepsEveryPromise(kind: FileSystemKind) async throws {
            guard TortureRun.needs(getuid() == 0, "root for loop devices") else { return }
            try await Desk.use(isEmpty: true) { desk in
                try await desk.shell("truncate -s \(kind.megabytes)M base.img && \(kind.maker) base.img >/dev/null")
                let deadline = TortureRun.deadline(.powerCuts)
                var random = SeededRandom(TortureRun.seed)
                var (cuts, accepted) = (0, 0)
                repeat {
                    let load = SpoolLoad(desk, environment: Self.settings)
                    let findings = try await trial(load, kind, &random)
                    #expect(findings == [], "\(kind), cut \(cuts), seed \(TortureRun.seed)")
                    (cuts, accepted) = (cuts + 1, accepted + load.history.acceptedCount)
                    if !findings.isEmpty { break }
                } while ContinuousClock.now < deadline
                TortureRun.report("power-cuts \(kind.rawValue)", cuts)
                TortureRun.report("jobs accepted before power cuts \(kind.rawValue)", accepted)
                #expect(accepted > 0)
            }
        }

        /// A spool on a disk of its own that lives until the power is cut, and what the next start makes of it.
        private func trial(
            _ load: SpoolLoad, _ kind: FileSystemKind, _ random: inout SeededRandom
        ) async throws -> [String] {
            let desk = load.desk
            try await desk.shell("rm -rf spool && cp --sparse=always base.img case.img")
            let (jobs, delay) = (Int.random(in: 10..<120, using: &random), Int.random(in: 0..<300, using: &random))
            // Sometimes the journal is written first: then everything up to the cut is there.
            let flag: UInt32 = Int.random(in: 0..<4, using: &random) == 0 ? 1 : 2
            let promises = try await LoopMount.use("\(desk.folder)/case.img", kind, on: desk, at: "spool") { mounted in
                try #require(try await desk.run("init", "--quiet").status == 0)
                try await desk.shell("sync -f spool")
                let daemon = try await desk.serve(environment: Self.settings)
                let worker = try await desk.work(environment: Self.settings)
                let seen = try await load.during {
                    try await desk.until { load.history.acceptedCount >= jobs }
                    try await desk.shell("sleep 0.\(delay)")
                    let look = ContinuousClock.now
                    let (done, failed) = (load.ids(in: .done), load.ids(in: .failed))
                    try Self.cutPower(mounted, flag)
                    return (look, done, failed)
                }
                for run in [worker, daemon] {
                    run.signal(SIGKILL)
                    _ = try await run.answer()
                }
                return load.history.promises(at: .now, look: seen.0, done: seen.1, failed: seen.2)
            }
            return try await LoopMount.use("\(desk.folder)/case.img", kind, on: desk, at: "spool") { mounted in
                let findings = try await Impatience.during(desk) { try await Reboot.serve(mounted, on: desk) }
                return findings + promises.broken(in: desk)
            }
        }

        /// FS_IOC_SHUTDOWN of linux/fs.h (ext4, xfs): nothing reaches the disk from now on, every call fails.
        ///
        /// - Parameter flag: 1 writes the journal first, 2 does not.
        private static func cutPower(_ path: String, _ flag: UInt32) throws {
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(descriptor) }
            var flag = flag
            guard descriptor >= 0, ioctl(descriptor, 0x8004_587D, &flag) == 0 else {
                throw Failure(.internalError, "\(path) cannot be shut down: \(String(cString: strerror(errno))).")
            }
        }
    }
}
