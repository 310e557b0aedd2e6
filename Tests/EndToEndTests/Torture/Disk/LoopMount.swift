import Foundation
import Glibc

/// A file system on a loop device, for as long as the body runs.
enum LoopMount {
    /// Mounts the image at a folder of the desk, gives its path to the body, and clears both away, whatever happened.
    static func use<Result>(
        _ image: String, _ kind: FileSystemKind, on desk: Desk, at folder: String,
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let path = "\(desk.folder)/\(folder)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let device = try await desk.shell("losetup -f --show '\(image)'").trimmingCharacters(in: .newlines)
        do {
            try await desk.shell("mount -t \(kind.rawValue) -o \(kind.options) \(device) '\(path)'")
            let result = try await body(path)
            try await desk.shell("umount '\(path)'; losetup -d \(device)")
            return result
        } catch {
            _ = try? await desk.shell("umount -l '\(path)'; losetup -d \(device); true")
            throw error
        }
    }
}

/// The file systems that people have their spools on.
enum FileSystemKind: String, CaseIterable, Sendable {
    case ext4, xfs, btrfs

    /// About the smallest that their tools make.
    var megabytes: Int {
        switch self {
        case .ext4: 48
        case .xfs: 320
        case .btrfs: 120
        }
    }

    /// How an image is made.
    var maker: String {
        switch self {
        case .ext4: "mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0"
        case .xfs: "mkfs.xfs -q -f"
        case .btrfs: "mkfs.btrfs -q -f"
        }
    }

    /// Two copies of one xfs have the same identity, which it refuses otherwise.
    var options: String { self == .xfs ? "nouuid" : "defaults" }
}
