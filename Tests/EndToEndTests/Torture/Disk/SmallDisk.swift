import Foundation

/// A disk that is full in a moment.
enum SmallDisk: String, CaseIterable, Sendable {
    /// In memory, with little room.
    case bytes
    /// In memory, with room for few files.
    case files
    case ext4

    /// What mounts it at `spool/` of the desk.
    private var mount: String {
        switch self {
        case .bytes: "mount -t tmpfs -o size=12m tmpfs spool"
        case .files: "mount -t tmpfs -o size=200m,nr_inodes=1500 tmpfs spool"
        case .ext4: "truncate -s 32M small.img && mkfs.ext4 -q -F -m 0 small.img && mount -o loop small.img spool"
        }
    }

    /// Mounts it for as long as the body runs, with a new spool on it.
    func use<Result>(on desk: Desk, _ body: () async throws -> Result) async throws -> Result {
        try await desk.shell("rm -rf spool && mkdir spool && \(mount)")
        do {
            _ = try await desk.run("init", "--quiet")
            let result = try await body()
            try await desk.shell("umount spool")
            return result
        } catch {
            _ = try? await desk.shell("umount -l spool; true")
            throw error
        }
    }

    /// Takes all the room that is left.
    func fill(on desk: Desk) async throws {
        let fill =
            switch self {
            case .bytes, .ext4: "for size in 256k 4k 1; do dd if=/dev/zero bs=$size 2>&1 >>spool/fill; done"
            case .files: "mkdir -p spool/fill; while touch spool/fill/$(cat /proc/sys/kernel/random/uuid); do :; done"
            }
        try await desk.shell("{ \(fill); } >/dev/null 2>&1; true")
    }

    /// Gives it back.
    func empty(on desk: Desk) async throws { try await desk.shell("rm -rf spool/fill") }
}
