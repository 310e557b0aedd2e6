import Backends
import JobCore
public import Spool
import Synchronization

/// Copies a spool that lives, so that any copy can be restored, however it was cut short.
///
/// rsync reads folders in the order of their names: a token that left `queued/` or `running/` before they were read has
/// its whole record when `work/` is read. A second pass over just these takes along what began meanwhile.
public struct SpoolBackup: Sendable {
    /// What came of it.
    public struct Report: Sendable, Equatable {
        /// Files that were copied, or copied anew.
        public let files: Int
        /// Of jobs that had ended: files in the copy that are not what they should be; nil where nobody looked.
        public let differing: [String]?
    }

    private let folder: SpoolFolder
    private let rsync: Rsync

    public init(folder: SpoolFolder) { (self.folder, rsync) = (folder, Rsync(in: folder.root)) }

    /// Left out: what is derived, half-made, or this machine's alone.
    static let excluded =
        [SpoolLayout.index, SpoolLayout.temporary, SpoolLayout.cache, SpoolLayout.staging].map { "--exclude=/\($0)/" }
        + ["--exclude=/\(SpoolLayout.ballast)"]

    /// - Parameters:
    ///   - target: a folder, or `host:folder`.
    ///   - isVerifying: reads both sides again, and compares what ended jobs have made.
    /// - Throws: as `Rsync.copy`.
    public func run(to target: String, isVerifying: Bool) async throws -> Report {
        let count = Mutex(0)
        let counted: @Sendable (String) -> Void = { line in
            // >f+++++++++ done/a.json; folders and links do not count.
            if line.hasPrefix(">f") || line.hasPrefix("<f") { count.withLock { $0 += 1 } }
        }
        let options = ["-a", "--delete", "--itemize-changes"]
        try await rsync.copy(options + Self.excluded, from: folder.root, to: target, onLine: counted)
        // Flow order: what was submitted or claimed during the first pass.
        let second =
            [SpoolLayout.work, JobState.queued.rawValue, JobState.running.rawValue].map { "--include=/\($0)/***" }
            + ["--exclude=*"]
        try await rsync.copy(["-a", "--itemize-changes"] + second, from: folder.root, to: target, onLine: counted)
        return Report(files: count.withLock { $0 }, differing: isVerifying ? try await differing(target) : nil)
    }

    /// Artifacts of ended jobs never change: any that differs was not copied well.
    private func differing(_ target: String) async throws -> [String] {
        let lines = Mutex<[String]>([])
        // Folders on the way down to what attempts wrote.
        let only = ["", "*/", "*/*/", "*/*/a*/***"].map { "--include=/\(SpoolLayout.work)/\($0)" } + ["--exclude=*"]
        try await rsync.copy(
            ["-a", "--dry-run", "--checksum", "--itemize-changes", "--existing"] + only, from: folder.root, to: target
        ) { line in
            guard line.hasPrefix(">f") || line.hasPrefix("<f") else { return }
            lines.withLock { $0.append(String(line.drop { $0 != " " }.dropFirst())) }
        }
        let folder = folder
        let paths = lines.withLock { $0 }
        return try await BlockingWork.run {
            // Of jobs that run, files change while we look.
            try paths.filter { path in
                guard let id = path.split(separator: "/").dropFirst(2).first.flatMap({ JobID($0) }) else { return true }
                return try folder.state(of: id)?.isFinal ?? false
            }
        }
    }
}
