import Foundation
import JobCore
import Spool

/// What one command works with: the settings, the way to the user, and the spool.
struct Session: Sendable {
    let settings: Settings
    let console: Console
    /// Absolute path of the spool folder, which need not exist.
    let root: String

    /// The set-up's object storage, for links to what lies there; nil for none, and for one that is set up wrongly:
    /// then the files on this machine are what there is.
    var storage: StorageAccess? { (try? StorageAccess(settings)) ?? nil }

    /// The spool, for a command that makes no new one.
    ///
    /// - Throws: exit 6 when the folder is no spool, 78 when its format is newer.
    func spool() async throws -> SpoolFolder {
        try await BlockingWork.run { [self] in
            guard let folder = try existingSpool() else {
                throw CommandError(
                    .unreachable, "spool_unreachable", "There is no spool in \(root).",
                    hint: "Make one: kinospool init. Or choose another with -C DIR or KINOSPOOL_SPOOL.")
            }
            return folder
        }
    }

    /// The spool, made where there is none.
    ///
    /// A spool that is there is left alone: only the daemon may look whether it is a restored copy, because that
    /// answer is given once.
    func spoolOrNew() async throws -> SpoolFolder {
        try await BlockingWork.run { [self] in
            if let folder = try existingSpool() { return folder }
            return try makeSpool().folder
        }
    }

    /// Makes what is missing. Whether this is a restored copy is the daemon's question, which it answers by a look at
    /// every job.
    ///
    /// - Returns: the spool, and whether there was none before.
    func makeSpool() throws -> (folder: SpoolFolder, isNew: Bool) {
        do {
            let folder = try SpoolFolder.open(root, durability: settings.durability, isCreating: true)
            return (folder, try folder.prepare(isRecognising: false) == .new)
        } catch {
            throw CommandError(
                .unreachable, "spool_unreachable", error.message, hint: "Choose another with -C DIR or KINOSPOOL_SPOOL."
            )
        }
    }

    private func existingSpool() throws -> SpoolFolder? {
        guard FileManager.default.fileExists(atPath: "\(root)/\(SpoolLayout.format)") else { return nil }
        let folder = try SpoolFolder.open(root, durability: settings.durability, isCreating: false)
        try folder.checkFormat()
        return folder
    }
}
