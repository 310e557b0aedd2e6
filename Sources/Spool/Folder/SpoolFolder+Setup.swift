import Foundation
public import JobCore

/// Making a spool, and knowing one's own from a copy.
extension SpoolFolder {
    /// What opening found.
    public enum Origin: Sendable, Equatable {
        /// The folders were made just now.
        case new
        /// The same spool as last time.
        case known
        /// A copy: restored from a backup, or moved to another disk. Paid lanes stay closed until a person resumes.
        case restored
    }

    /// Opens a spool folder on the real disk, with the real clock.
    ///
    /// - Parameters:
    ///   - path: absolute or relative; `~` is not expanded.
    ///   - isCreating: makes the folder (and its parents) where it is missing.
    /// - Throws: `config_error` when there is no such folder or it may not be used.
    public static func open(_ path: String, durability: Durability, isCreating: Bool) throws(Failure) -> SpoolFolder {
        do {
            if isCreating {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            guard let root = URL(fileURLWithPath: path).standardizedFileURL.path.nonEmpty else {
                throw FileError(ENOENT, "open", path)
            }
            let files = try LinuxFileSystem(root: root)
            return SpoolFolder(files: files, root: root, durability: durability, now: { Timestamp.now() })
        } catch {
            throw Failure(
                .configError,
                "The spool folder \(path) cannot be opened: \((error as? FileError)?.description ?? "\(error)").",
                hint: "Make it with kinospool init, or choose another with -C or KINOSPOOL_SPOOL.")
        }
    }

    /// The format this version writes.
    public static let formatVersion: Int64 = 1

    /// Makes what is missing and checks what is there.
    ///
    /// - Parameter isRecognising: whether to find out that this is a copy; only the one who then checks every job asks,
    ///   the others get `.known`. The answer stays `.restored` until `confirmIdentity`.
    /// - Throws: `config_error` when the spool is of a newer format, or the file system lacks the renames.
    public func prepare(isRecognising: Bool = true) throws(Failure) -> Origin {
        do {
            return try prepared(isRecognising)
        } catch let failure {
            // A full disk must not keep a daemon from recovering what it left.
            guard failure.code == .diskFull, dropBallast() else { throw failure }
            return try prepared(isRecognising)
        }
    }

    private func prepared(_ isRecognising: Bool) throws(Failure) -> Origin {
        do {
            let isNew = try files.status(SpoolLayout.format) == nil
            for folder in SpoolLayout.folders {
                try ignoringTaken { () throws(FileError) in try files.makeFolder(folder) }
                try checkIsFolder(folder)
            }
            try probeRenames()
            if isNew {
                let format: JSONValue = ["format": .integer(Self.formatVersion), "created_at": .string(now().text)]
                try ignoringTaken { () throws(FileError) in
                    try files.create(SpoolLayout.format, JSONWriter.pretty(format))
                }
                try files.overwrite(SpoolLayout.boot, Array("\(ProcessIdentity.bootID())\n".utf8))
            }
            try checkFormat()
            return isRecognising || isNew ? try recognise(isNew: isNew) : .known
        } catch let error as FileError {
            throw error.failure
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.internalError, "The spool could not be opened: \(error).")
        }
    }

    /// A token moves by one rename, which cannot leave a file system, and the lock of a job lies below `work/`: none of
    /// the folders may be a link to somewhere else.
    private func checkIsFolder(_ folder: String) throws {
        guard try files.status(folder)?.kind != .folder else { return }
        throw Failure(
            .configError, "\(absolute(folder)) is no folder, but a link or a file.",
            hint: "Move it away; to keep the spool elsewhere, choose another with -C or KINOSPOOL_SPOOL.")
    }

    /// Checks that this version knows the spool's format.
    ///
    /// - Throws: `config_error` when the format is newer.
    public func checkFormat() throws(Failure) {
        let version: Int64?
        do {
            let bytes = try bytes(at: SpoolLayout.format, limit: 4096)
            version = bytes.flatMap { try? JSONReader.read($0) }?.object?["format"]?.integer
            // A power cut can leave it empty; the folders themselves are the format.
            if version == nil {
                try files.overwrite(SpoolLayout.format, JSONWriter.pretty(["format": .integer(Self.formatVersion)]))
            }
        } catch {
            throw error.failure
        }
        if let version, version > Self.formatVersion {
            throw Failure(
                .configError, "The spool \(root) has format \(version); this version knows \(Self.formatVersion).",
                hint: "Use the newer kinospool that made it.")
        }
    }

    /// The inode of `meta/` changes in every copy, by whatever means it was made.
    private func recognise(isNew: Bool) throws(FileError) -> Origin {
        guard let status = try files.status(SpoolLayout.meta) else { return .new }
        let mine = Self.identity(status)
        let known = try bytes(at: SpoolLayout.identity, limit: 256)
        if known == mine { return isNew ? .new : .known }
        guard let known, !known.isEmpty else {
            try files.overwrite(SpoolLayout.identity, mine)
            return .new
        }
        // It outlives a restart: only a person's `resume` opens the paid lanes of a copy.
        try pause(
            SpoolLayout.pausedPaid, reason: "This spool is a copy; its original may still run the same paid jobs.")
        return .restored
    }

    /// Whether this is a copy that no daemon has looked at yet: tokens may be missing in it.
    public func isUnconfirmedCopy() throws(FileError) -> Bool {
        guard let status = try files.status(SpoolLayout.meta),
            let known = try bytes(at: SpoolLayout.identity, limit: 256), !known.isEmpty
        else { return false }
        return known != Self.identity(status)
    }

    private static func identity(_ meta: FileStatus) -> [UInt8] { Array("\(meta.device) \(meta.inode)\n".utf8) }

    /// Takes a restored copy for the spool from now on: every job of it was looked at.
    ///
    /// Whoever is killed before leaves the copy a copy, so that the next start looks at every job again.
    public func confirmIdentity() throws(FileError) {
        guard let status = try files.status(SpoolLayout.meta) else { return }
        try files.overwrite(SpoolLayout.identity, Self.identity(status))
    }

    /// Both renames that the protocol rests on, tried on real files.
    private func probeRenames() throws {
        let (first, second) = ("\(SpoolLayout.temporary)/probe.\(nonce())", "\(SpoolLayout.temporary)/probe.\(nonce())")
        defer {
            try? files.remove(first)
            try? files.remove(second)
        }
        try files.create(first, [])
        try files.create(second, [])
        do {
            try files.rename(first, second, .exchange)
            try files.remove(second)
            try files.rename(first, second, .noReplace)
        } catch {
            guard error.errno == EINVAL else { throw error }
            throw Failure(
                .configError, "The file system of \(root) cannot exchange two names (renameat2: EINVAL).",
                hint:
                    "Keep the spool on a local ext4, xfs, btrfs or tmpfs folder; choose it with -C or KINOSPOOL_SPOOL.")
        }
    }

    /// The lock that only one daemon holds; nil when another has it. Its text tells people who.
    public func lockForDaemon(owner: RunRecord.Owner) throws(FileError) -> (any FileLock)? {
        guard let lock = try files.lock(SpoolLayout.daemonLock) else { return nil }
        try files.overwrite(
            SpoolLayout.daemonLock,
            JSONWriter.pretty([
                "pid": .integer(Int64(owner.pid)), "host": .string(owner.host), "since": .string(now().text),
            ]))
        return lock
    }

    /// How often a daemon was started on this spool.
    public func daemonStarts() throws(FileError) -> Int {
        let bytes = try bytes(at: SpoolLayout.starts, limit: 64) ?? []
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int64(String(decoding: digits, as: UTF8.self)).flatMap { JSONValue.integer($0).count } ?? 0
    }

    /// Counts one more start. - Note: the caller holds the daemon's lock.
    public func countDaemonStart() throws(FileError) {
        try files.overwrite(SpoolLayout.starts, Array("\(try daemonStarts() + 1)\n".utf8))
    }

    /// Whether the machine was switched on anew since a daemon was started here, perhaps after a power cut; true until
    /// `confirmBoot`. - Note: the caller holds the daemon's lock.
    public func isFirstStartOfBoot() throws(FileError) -> Bool {
        try bytes(at: SpoolLayout.boot, limit: 256) != Array("\(ProcessIdentity.bootID())\n".utf8)
    }

    /// All that a power cut may have left was looked at.
    public func confirmBoot() throws(FileError) {
        try files.overwrite(SpoolLayout.boot, Array("\(ProcessIdentity.bootID())\n".utf8))
    }

    /// Who holds the daemon's lock, as it wrote itself; nil when nobody ever did.
    public func daemonHolder() throws(FileError) -> String? {
        guard let bytes = try bytes(at: SpoolLayout.daemonLock, limit: 4096),
            let fields = (try? JSONReader.read(bytes))?.object, let pid = fields["pid"]?.integer
        else { return nil }
        return "process \(pid) on \(fields["host"]?.string ?? "this host")"
    }

    /// Whether a daemon holds the spool now.
    public func hasDaemon() throws(FileError) -> Bool {
        guard try files.status(SpoolLayout.daemonLock) != nil else { return false }
        guard let lock = try files.lock(SpoolLayout.daemonLock) else { return true }
        lock.release()
        return false
    }

    /// Nothing new starts while this is true; a file anybody may make or remove.
    public func isPaused() throws(FileError) -> Bool {
        for path in [SpoolLayout.paused, SpoolLayout.pausedFull] where try files.status(path) != nil { return true }
        return false
    }

    /// Nothing that costs money starts while this is true.
    public func arePaidLanesPaused() throws(FileError) -> Bool { try files.status(SpoolLayout.pausedPaid) != nil }

    /// - Parameter reason: what people read in the file.
    public func pause(reason: String) throws(FileError) { try pause(SpoolLayout.paused, reason: reason) }

    /// Opens the queue, whoever closed it, and the paid lanes of a restored copy.
    public func resume() throws(FileError) {
        for path in [SpoolLayout.paused, SpoolLayout.pausedPaid, SpoolLayout.pausedFull] {
            try ignoringMissing { () throws(FileError) in try files.remove(path) }
        }
    }

    func pause(_ path: String, reason: String) throws(FileError) {
        let note: JSONValue = ["reason": .string(reason), "since": .string(now().text)]
        try ignoringTaken { () throws(FileError) in try files.create(path, JSONWriter.pretty(note)) }
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
