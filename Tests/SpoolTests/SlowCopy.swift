import JobCore
import Spool
import TestSupport

/// A copy of a spool as rsync makes one: folder after folder by name, the files of a folder before the folders in it,
/// while the spool lives on.
struct SlowCopy {
    let world: SpoolWorld
    /// rsync reads the names of the folders below before it has copied the files: so far ahead, or not at all.
    let readsAhead: Bool
    /// Before this one of all the looks, `action` is done to the spool.
    let moment: Int
    let action: () throws -> Void

    private struct Progress {
        var looks = 0
        let copy: FakeDisk
    }

    /// What a new folder then holds. - Returns: also how many looks it took.
    func made() throws -> (copy: FakeDiskState, looks: Int) {
        var progress = Progress(copy: FakeDisk(clock: world.clock))
        for folder in SpoolLayout.folders.sorted() {
            try progress.copy.makeFolder(folder)
            try copy(folder, &progress)
        }
        return (progress.copy.state, progress.looks)
    }

    private func look(_ progress: inout Progress) throws {
        if progress.looks == moment { try action() }
        progress.looks += 1
    }

    private func copy(_ folder: String, _ progress: inout Progress) throws {
        try look(&progress)
        let entries = try world.disk.list(folder).sorted { $0.name < $1.name }
        let folders = entries.filter(\.isFolder).map { "\(folder)/\($0.name)" }
        var ahead: [String: [FolderEntry]] = [:]
        if readsAhead { for inner in folders { ahead[inner] = try world.disk.list(inner) } }
        for entry in entries where !entry.isFolder { try copyFile("\(folder)/\(entry.name)", &progress) }
        for inner in folders {
            try progress.copy.makeFolder(inner)
            guard let entries = ahead[inner] else {
                try copy(inner, &progress)
                continue
            }
            for entry in entries.sorted(by: { $0.name < $1.name }) {
                let path = "\(inner)/\(entry.name)"
                guard entry.isFolder else {
                    try copyFile(path, &progress)
                    continue
                }
                try progress.copy.makeFolder(path)
                try copy(path, &progress)
            }
        }
    }

    /// "File has vanished" is no error.
    private func copyFile(_ path: String, _ progress: inout Progress) throws {
        try look(&progress)
        if let target = try world.disk.linkTarget(path) { return try progress.copy.symbolicLink(path, to: target) }
        guard let contents = try world.disk.read(path, limit: .max) else { return }
        try progress.copy.create(path, contents.bytes)
    }
}
