import Foundation
import Glibc
import TestSupport
import Testing

extension Torture {
    /// Power cuts at the disk: the program's own life on a real file system, and every order in which its writes may
    /// have arrived.
    @Suite struct BlockCampaign {
        @Test(arguments: FileSystemKind.allCases)
        func powerCutAtAnyWrite_keepsEveryPromise(kind: FileSystemKind) async throws {
            guard TortureRun.needs(getuid() == 0, "root for loop devices") else { return }
            guard TortureRun.needs(access("/dev/fuse", R_OK | W_OK) == 0, "/dev/fuse") else { return }
            try await Desk.use(isEmpty: true) { desk in
                let log = try await record(kind, on: desk)
                let begin = try #require(
                    log.entries.firstIndex {
                        $0.kind == .mark && String(decoding: log.bytes($0), as: UTF8.self) == "begin"
                    })
                var random = SeededRandom(TortureRun.seed)
                let states = CrashState.all(of: log, from: begin, using: &random)
                let deadline = TortureRun.deadline(.blockStates)
                var count = 0
                for state in states where count < Self.most && ContinuousClock.now < deadline {
                    let findings = try await judge(state, of: log, kind, on: desk)
                    #expect(findings == [], "\(kind), seed \(TortureRun.seed), \(state)")
                    count += 1
                    if !findings.isEmpty { break }
                }
                TortureRun.report("block-states \(kind.rawValue) of \(states.count)", count)
                #expect(count > 0)
            }
        }

        /// Enough, where there is time for more.
        private static let most = 2000

        private static let source = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "logdisk.c").path

        /// Lets the story happen on a recorded disk.
        private func record(_ kind: FileSystemKind, on desk: Desk) async throws -> DiskLog {
            try await desk.shell(
                """
                set -e
                cc -O2 -o logdisk '\(Self.source)' $(pkg-config --cflags --libs fuse3)
                truncate -s \(kind.megabytes)M base.img && \(kind.maker) base.img >/dev/null
                mkdir recorder && ./logdisk base.img log.bin recorder
                """)
            do {
                try await LoopMount.use("\(desk.folder)/recorder/disk", kind, on: desk, at: "mounted") { mounted in
                    try desk.write("story.sh", BlockStory.script)
                    try await desk.shell("bash story.sh '\(Program.path)' '\(mounted)' recorder/mark >/dev/null")
                }
            } catch {
                _ = try? await desk.shell("fusermount3 -u -z recorder; true")
                throw error
            }
            try await desk.shell("fusermount3 -u recorder")
            return try DiskLog(path: "\(desk.folder)/log.bin")
        }

        /// What is wrong in a state, before the program has seen it and after.
        private func judge(
            _ state: CrashState, of log: DiskLog, _ kind: FileSystemKind, on desk: Desk
        ) async throws -> [String] {
            let (promises, deleted) = BlockStory.promises(log.marks(before: state.cut))
            try await desk.shell("cp --sparse=always base.img case.img")
            try DiskImage(path: "\(desk.folder)/case.img").apply(state, of: log)
            return try await LoopMount.use("\(desk.folder)/case.img", kind, on: desk, at: "case") { mounted in
                let audit = SpoolAudit(root: "\(mounted)/spool")
                // Half-made files are swept when they are an hour old.
                // The folders need not be of one moment before a start has looked at them; each must be whole.
                var findings = audit.findings(SpoolAudit.Promises(), isAtRest: false)
                    .filter { $0.hasSuffix(" does not read") && !$0.hasSuffix(" in running does not read") }
                findings += try await Reboot.serve("\(mounted)/spool", on: desk)
                findings += audit.findings(promises, isAtRest: true).filter { !$0.hasPrefix("tmp/") }
                for id in deleted where audit.places(of: id) != [] { findings.append("\(id) was deleted and is back") }
                return findings
            }
        }
    }
}
