public import JobCore
public import Spool
import Synchronization

/// Passes calls on, and fails one of them once.
public final class FaultyFileSystem: FileSystem {
    /// The kinds of calls.
    public enum Kind: Sendable, CaseIterable {
        case status, list, read, create, overwrite, copy, append, makeFolder, link, symbolicLink, linkTarget, rename
        case remove, removeFolder, setModified, sync, lock, touch, freeBytes
    }

    private struct Plan: Sendable {
        var kind: Kind?
        var remaining = Int.max
        var errno: Int32 = 0
        var calls = 0
        var hasFailed = false
    }

    private let inner: any FileSystem
    private let plan = Mutex(Plan())

    public init(_ inner: any FileSystem) { self.inner = inner }

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
        try check(.rename, "\(old) -> \(new)")
        try inner.rename(old, new, mode)
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
        try check(.lock, path)
        return try inner.lock(path).map { FaultyFileSystemLock(inner: $0, files: self, path: path) }
    }

    public func freeBytes() throws(FileError) -> Int64 {
        try check(.freeBytes, ".")
        return try inner.freeBytes()
    }
}
