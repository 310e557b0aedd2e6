import Foundation

/// The file system that is measured on, as the kernel tells it.
struct BenchDisk: Sendable {
    /// `ext4`, `xfs`, `tmpfs`, …
    let type: String
    /// Whether an ext4 has a journal; nil for other kinds and where the kernel does not tell.
    let hasJournal: Bool?

    /// - Parameter path: an absolute path on it.
    init(at path: String) {
        let mount = Self.mount(of: LocalPath.resolved(path) ?? path)
        type = mount?.type ?? "unknown"
        hasJournal = mount.flatMap { mount -> String? in
            let device = LocalPath.name(LocalPath.resolved(mount.device) ?? mount.device)
            return try? String(contentsOfFile: "/sys/fs/ext4/\(device)/journal_task", encoding: .utf8)
        }.map { !$0.hasPrefix("<none>") }
    }

    /// Why durable figures mean nothing here; nil where they do.
    var warning: String? {
        if type == "tmpfs" || type == "ramfs" {
            return "\(type) keeps files in memory: durable figures mean nothing here."
        }
        guard hasJournal == false else { return nil }
        return "This ext4 has no journal: durable figures mean nothing here, and new files cost more than elsewhere."
    }

    private struct Mount {
        let device: String, folder: String, type: String
    }

    /// The mount with the longest folder above the path; of several on one folder the last, which covers the others.
    private static func mount(of path: String) -> Mount? {
        let text = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        var found: Mount?
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 2 else { continue }
            let mount = Mount(device: words[0], folder: words[1].replacing("\\040", with: " "), type: words[2])
            let isAbove = mount.folder == "/" || path == mount.folder || path.hasPrefix(mount.folder + "/")
            if isAbove, mount.folder.count >= found?.folder.count ?? 0 { found = mount }
        }
        return found
    }
}
