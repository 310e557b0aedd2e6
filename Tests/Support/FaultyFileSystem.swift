import Glibc
public import JobCore
public import Spool
import Synchronization

/// Passes calls on, and fails one of them once; or behaves as a disk that is full.
public final class FaultyFileSystem: FileSystem {
    /// The kinds of calls.
    public enum Kind: Sendable, CaseIterable {
        case status, list, read, create, overwrite, copy, append, makeFolder, link, symbolicLink, linkTarget, rename
        case exchange
        case remove, removeFolder, setModified, sync, lock, touch, reserve, space

        /// Whether a disk that is full refuses it. An exchange of two names needs no room.
        fileprivate var needsRoom: Bool {
            switch self {
            case .create, .overwrite, .copy, .append, .makeFolder, .link, .symbolicLink, .rename, .reserve: true
            case .status, .list, .read, .linkTarget, .exchange, .remove, .removeFolder, .setModified, .sync, .lock,
                .touch,
                .space:
                false
            }
        }
    }

    private struct Plan: Sendable {
        var kind: Kind?
        var remaining = Int.max
        var errno: Int32 = 0
        var calls = 0
        var hasFailed = false
        /// How many calls that need room still find some; nil: the disk is not full.
        var room: Int?
    }

    private let inner: any FileSystem
    /// The file that makes room when it is renamed, and for how many calls.
    private let ballast: (path: String, calls: Int)
    private let plan = Mutex(Plan())

    /// - Parameters:
    ///   - ballast: see `fill`.
    ///   - ballastCalls: for so many calls there is room when it is thrown off.
    public init(_ inner: any FileSystem, ballast: String = "meta/ballast", ballastCalls: Int = 64) {
        (self.inner, self.ballast) = (inner, (ballast, ballastCalls))
    }

    /// From now on the disk is full: what needs room fails with `ENOSPC`. Throwing off the ballast makes room for a
    /// while.
    ///
    /// - Parameter room: so many calls still find some.
    public func fill(room: Int = 0) { plan.withLock { $0.room = room } }

    /// The disk is not full any more.
    public func makeRoom() { plan.withLock { $0.room = nil } }

    /// Fails one call, the first of its kind being 0, counted from now.
    ///
    /// - Parameter kind: nil counts calls of every kind.
    public func fail(_ number: Int, of kind: Kind? = nil, with errno: Int32) {
        plan.withLock { $0 = Plan(kind: kind, remaining: number, errno: errno) }
    }

    /// Calls of the planned kind since the last `fail`.
    public var calls: Int { plan.withLock { $0.calls } }
    /// Whether the planned call came.
    public var hasFailed: Bool { plan.withLock { $0.hasFailed } }

    func check(_ kind: Kind, _ path: String) throws(FileError) {
        let errno = plan.withLock { plan -> Int32? in
            if let room = plan.room, kind.needsRoom {
                guard room > 0 else { return ENOSPC }
                plan.room = room - 1
            }
            guard plan.kind == nil || plan.kind == kind else { return nil }
            defer { plan.calls += 1 }
            guard plan.calls == plan.remaining, !plan.hasFailed else { return nil }
            plan.hasFailed = true
            return plan.errno
        }
        if let errno { throw FileError(errno, "\(kind)", path) }
    }

    public func status(_ path: String) throws(FileError) -> FileStatus? {
        try check(.status, path)
        return try inner.status(path)
    }

    public func list(_ folder: String) throws(FileError) -> [FolderEntry] {
        try check(.list, folder)
        return try inner.list(folder)
    }

    public func read(_ path: String, limit: Int) throws(FileError) -> FileContents? {
        try check(.read, path)
        return try inner.read(path, limit: limit)
    }

    /// A disk that is full in the middle leaves the file behind, empty.
    public func create(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        do {
            try check(.create, path)
        } catch {
            if error.isFull { try inner.create(path, []) }
            throw error
        }
        try inner.create(path, bytes)
    }

    public func overwrite(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        try check(.overwrite, path)
        try inner.overwrite(path, bytes)
    }

    public func copy(fromOutside source: String, _ path: String) throws(FileError) {
        try check(.copy, path)
        try inner.copy(fromOutside: source, path)
    }

    public func digest(ofOutside source: String) throws(FileError) -> FileDigest {
        try check(.read, source)
        return try inner.digest(ofOutside: source)
    }

    public func append(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        try check(.append, path)
        try inner.append(path, bytes)
    }

    public func makeFolder(_ path: String) throws(FileError) {
        try check(.makeFolder, path)
        try inner.makeFolder(path)
    }

    public func link(_ existing: String, _ new: String) throws(FileError) {
        try check(.link, new)
        try inner.link(existing, new)
    }

    public func symbolicLink(_ path: String, to target: String) throws(FileError) {
        try check(.symbolicLink, path)
        try inner.symbolicLink(path, to: target)
    }

    public func linkTarget(_ path: String) throws(FileError) -> String? {
        try check(.linkTarget, path)
        return try inner.linkTarget(path)
    }

    public func rename(_ old: String, _ new: String, _ mode: RenameMode) throws(FileError) {
        // Within one folder it needs no room, and nor does an exchange of two names.
        let isBallast = old == ballast.path
        try check(mode == .exchange || isBallast ? .exchange : .rename, "\(old) -> \(new)")
        try inner.rename(old, new, mode)
        if isBallast { plan.withLock { $0.room = $0.room.map { $0 + ballast.calls } } }
    }

    public func remove(_ path: String) throws(FileError) {
        try check(.remove, path)
        try inner.remove(path)
    }

    public func removeFolder(_ path: String) throws(FileError) {
        try check(.removeFolder, path)
        try inner.removeFolder(path)
    }

    public func setModified(_ path: String, _ time: Timestamp) throws(FileError) {
        try check(.setModified, path)
        try inner.setModified(path, time)
    }

    public func sync(_ paths: [String]) -> [FileError?] {
        paths.map { path in
            do throws(FileError) {
                try check(.sync, path)
                return inner.sync([path]).first ?? nil
            } catch {
                return error
            }
        }
    }

    public func lock(_ path: String) throws(FileError) -> (any FileLock)? {
        // A file that is not there has to be made.
        let isFull = plan.withLock { $0.room != nil }
        if isFull, try inner.status(path) == nil { try check(.create, path) }
        try check(.lock, path)
        return try inner.lock(path).map { FaultyFileSystemLock(inner: $0, files: self, path: path) }
    }

    public func reserve(_ path: String, bytes: Int64) throws(FileError) {
        try check(.reserve, path)
        try inner.reserve(path, bytes: bytes)
    }

    public func space() throws(FileError) -> DiskSpace {
        try check(.space, ".")
        let isFull = plan.withLock { $0.room != nil }
        let space = try inner.space()
        return isFull ? DiskSpace(freeBytes: 0, totalBytes: space.totalBytes) : space
    }
}
