import Glibc
public import JobCore

/// The seam at the system call: all that the spool does to a disk goes through these calls.
///
/// Paths are relative to the spool folder and built by `SpoolLayout` only. The real one is `LinuxFileSystem`; the
/// tests have one that forgets what was not synced, and one that fails the n-th call. No call follows a symbolic
/// link in the last part of a path.
public protocol FileSystem: Sendable {
    /// What lies at a path, nil when nothing does.
    func status(_ path: String) throws(FileError) -> FileStatus?
    /// The names in a folder, unsorted, without `.` and `..`; empty when the folder is missing.
    func list(_ folder: String) throws(FileError) -> [FolderEntry]
    /// The names of the folders in a folder, unsorted; empty when it is missing.
    func folders(in folder: String) throws(FileError) -> [String]
    /// A regular file's bytes and status; nil when nothing lies there.
    ///
    /// - Throws: `EFBIG` past the limit, `EINVAL` when it is no regular file; it never blocks on a fifo.
    func read(_ path: String, limit: Int) throws(FileError) -> FileContents?
    /// Makes a new file with these bytes. - Throws: `EEXIST` when the name is taken.
    func create(_ path: String, _ bytes: [UInt8]) throws(FileError)
    /// Replaces the bytes in place: for files whose readers forgive a torn one (progress, notes).
    func overwrite(_ path: String, _ bytes: [UInt8]) throws(FileError)
    /// Makes a new file with the bytes of a regular file outside the spool.
    ///
    /// - Parameter source: an absolute path; a symbolic link in its last part is refused with `ELOOP`.
    func copy(fromOutside source: String, _ path: String) throws(FileError)
    /// Adds bytes at the end, making the file where it is missing.
    func append(_ path: String, _ bytes: [UInt8]) throws(FileError)
    /// - Throws: `EEXIST` when the name is taken.
    func makeFolder(_ path: String) throws(FileError)
    /// A second name for a file. - Throws: `EEXIST` when the name is taken.
    func link(_ existing: String, _ new: String) throws(FileError)
    /// A relative symbolic link. - Throws: `EEXIST` when the name is taken.
    func symbolicLink(_ path: String, to target: String) throws(FileError)
    /// Where a symbolic link points, nil when there is none at the path.
    func linkTarget(_ path: String) throws(FileError) -> String?
    /// One atomic rename. - Throws: `ENOENT` when the source (or, exchanging, the target) is missing.
    func rename(_ old: String, _ new: String, _ mode: RenameMode) throws(FileError)
    /// Removes a file, link, fifo; not a folder.
    func remove(_ path: String) throws(FileError)
    /// Removes an empty folder.
    func removeFolder(_ path: String) throws(FileError)
    /// Sets the modification time, which for a queued token is the moment before which it does not start.
    func setModified(_ path: String, _ time: Timestamp) throws(FileError)
    /// Brings files and folders to the disk, side by side; one answer each, nil for success. Never retried.
    func sync(_ paths: [String]) -> [FileError?]
    /// Locks a file (making it where it is missing); nil when somebody else holds it. The kernel frees a lock when
    /// its holder dies.
    func lock(_ path: String) throws(FileError) -> (any FileLock)?
    /// Makes a new file that takes up this much room without being written. - Throws: `EEXIST`; without room nothing
    /// is left of it.
    func reserve(_ path: String, bytes: Int64) throws(FileError)
    /// What the disk still takes.
    func space() throws(FileError) -> DiskSpace
    /// Size in bytes and SHA-256 of a regular file of any size.
    func digest(_ path: String) throws(FileError) -> FileDigest
    /// The same of a file outside the spool. - Parameter source: as in `copy`.
    func digest(ofOutside source: String) throws(FileError) -> FileDigest
}

extension FileSystem {
    /// Those of `list`; a real disk makes no text of the names of files.
    public func folders(in folder: String) throws(FileError) -> [String] {
        try list(folder).filter(\.isFolder).map(\.name)
    }

    /// Reads the file as a whole; a real disk reads it piece by piece.
    public func digest(_ path: String) throws(FileError) -> FileDigest {
        guard let contents = try read(path, limit: .max - 1) else { throw FileError(ENOENT, "read", path) }
        var hash = SHA256()
        hash.update(contents.bytes)
        return FileDigest(bytes: contents.status.size, sha256: hash.finished())
    }
}

/// What a file is, in two values.
public struct FileDigest: Sendable, Equatable {
    /// Size in bytes.
    public let bytes: Int64
    /// Lower-case hex.
    public let sha256: String

    public init(bytes: Int64, sha256: String) { (self.bytes, self.sha256) = (bytes, sha256) }
}

/// How a rename treats its target.
public enum RenameMode: Sendable {
    /// The target must not exist.
    case noReplace
    /// Both exist and swap: "replace only if it is still there".
    case exchange
    /// An existing target is replaced. Never used on a token in a state folder: it would resurrect a moved job.
    case replace
}

/// A lock that is held until `release` or until the process dies.
public protocol FileLock: Sendable {
    /// Sets the locked file's modification time to now: the heartbeat.
    func touch() throws(FileError)
    /// Gives the lock back; again is harmless.
    func release()
}
