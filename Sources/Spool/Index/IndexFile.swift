internal import Glibc
internal import JobCore

/// The file of the index and SQLite's two files beside it, as names in a folder.
///
/// It never opens the database file of an open database: closing any descriptor of it would drop the locks that SQLite
/// holds for the whole process (https://www.sqlite.org/howtocorrupt.html, 2.2).
struct IndexFile: Sendable {
    /// Which file a name stands for.
    struct Identity: Sendable, Equatable {
        var device: UInt64
        var inode: UInt64
    }

    let path: String
    /// The log and the shared memory are made when the database is opened, and stay while it is open.
    static let companions = ["-wal", "-shm"]

    var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
    private var name: Substring { path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...] }

    /// What the name stands for now; nil when there is none.
    static func identity(_ path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// The identities of the database and its two companions, in this order.
    func identities() -> [Identity?] { [Self.identity(path)] + Self.companions.map { Self.identity(path + $0) } }

    /// Runs while no other process opens or replaces this index.
    ///
    /// - Throws: `internal_error` when the folder cannot be opened.
    func whileLocked<Answer>(_ body: () throws -> Answer) throws -> Answer {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("its folder \(folder) cannot be opened", errno) }
        defer { close(descriptor) }
        // Some network file systems have no locks; there the daemon is alone anyway.
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        return try body()
    }

    /// Makes an empty file that only its owner may read; SQLite gives its companions the same mode.
    func create() throws {
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("it cannot be created", errno) }
        fchmod(descriptor, 0o600)
        close(descriptor)
    }

    /// Renames the file and its companions to `NAME.broken-MILLISECONDS…`, and deletes what was set aside before.
    ///
    /// Connections that still have them open are not disturbed, and SQLite does not delete companions by name once the
    /// database has moved (SQLITE_FCNTL_HAS_MOVED).
    func setAside() throws {
        removeEarlierSets()
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let target = "\(path).broken-\(now.tv_sec * 1000 + now.tv_nsec / 1_000_000)"
        // The database first: without it SQLite gives up its companions.
        for suffix in [""] + Self.companions where rename(path + suffix, target + suffix) != 0 && errno != ENOENT {
            throw failure("\(path + suffix) cannot be set aside", errno)
        }
    }

    private func removeEarlierSets() {
        guard let stream = opendir(folder) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let found = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // What cannot be deleted is only in the way of nobody.
            if found.hasPrefix("\(name).broken-") { unlink("\(folder)/\(found)") }
        }
    }

    func failure(_ what: String, _ code: Int32) -> Failure {
        let reason = String(cString: strerror(code))
        return Failure(code == ENOSPC ? .diskFull : .internalError, "The index \(path): \(what): \(reason).")
    }
}
