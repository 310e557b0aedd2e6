internal import CLinux
import Glibc
public import JobCore

/// The real disk: every call relative to the spool folder's descriptor, so that a renamed parent changes nothing.
public final class LinuxFileSystem: FileSystem {
    /// Absolute path of the spool, for messages and for backends.
    public let root: String
    private let folder: Int32

    /// - Throws: `ENOENT` when there is no such folder.
    public init(root: String) throws(FileError) {
        let number = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw FileError(errno, "open", root) }
        self.folder = number
        self.root = root
    }

    deinit { close(folder) }

    public func status(_ path: String) throws(FileError) -> FileStatus? {
        var raw = stat()
        if fstatat(folder, path, &raw, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(raw) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw FileError(errno, "fstatat", path)
    }

    public func list(_ path: String) throws(FileError) -> [FolderEntry] {
        let descriptor: Descriptor
        do {
            descriptor = try Descriptor(at: folder, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        } catch {
            if error.isMissing { return [] }
            throw error
        }
        return try DirectoryReader.entries(descriptor.number, path)
    }

    public func folders(in folder: String) throws(FileError) -> [String] {
        let descriptor: Descriptor
        do {
            descriptor = try Descriptor(at: self.folder, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        } catch {
            if error.isMissing { return [] }
            throw error
        }
        return try DirectoryReader.entries(descriptor.number, folder, onlyFolders: true).map(\.name)
    }

    public func read(_ path: String, limit: Int) throws(FileError) -> FileContents? {
        let descriptor: Descriptor
        do {
            descriptor = try Descriptor(at: folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
        let status = try descriptor.status(path)
        guard status.kind == .file else { throw FileError(EINVAL, "read", path) }
        guard status.size <= limit else { throw FileError(EFBIG, "read", path) }
        let bytes = try descriptor.readAll(limit: limit, expected: Int(status.size), path)
        return FileContents(bytes: bytes, status: status)
    }

    public func create(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let descriptor = try Descriptor(at: folder, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        try descriptor.write(bytes, path)
    }

    public func overwrite(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let descriptor = try Descriptor(at: folder, path, O_WRONLY | O_CREAT | O_NOFOLLOW)
        try descriptor.write(bytes, path)
        guard ftruncate(descriptor.number, off_t(bytes.count)) == 0 else { throw FileError(errno, "ftruncate", path) }
    }

    public func copy(fromOutside source: String, _ path: String) throws(FileError) {
        let input = try Descriptor(at: AT_FDCWD, source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        guard try input.status(source).kind == .file else { throw FileError(EINVAL, "openat", source) }
        let output = try Descriptor(at: folder, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        while true {
            let count = sp_copy_file_range(input.number, output.number, 1 << 30)
            if count == 0 { return }
            // Between some kinds of file systems the kernel does not copy: then piece by piece, from where it stopped.
            if [EXDEV, EINVAL, EOPNOTSUPP, ENOSYS].contains(Int32(-count)) {
                return try input.copyRest(to: output, path)
            }
            guard count > 0 || count == -Int(EINTR) else { throw FileError(Int32(-count), "copy_file_range", source) }
        }
    }

    public func append(_ path: String, _ bytes: [UInt8]) throws(FileError) {
        let descriptor = try Descriptor(at: folder, path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW)
        try descriptor.write(bytes, path)
    }

    public func makeFolder(_ path: String) throws(FileError) {
        guard mkdirat(folder, path, 0o700) == 0 else { throw FileError(errno, "mkdirat", path) }
    }

    public func link(_ existing: String, _ new: String) throws(FileError) {
        guard linkat(folder, existing, folder, new, 0) == 0 else { throw FileError(errno, "linkat", new) }
    }

    public func symbolicLink(_ path: String, to target: String) throws(FileError) {
        guard symlinkat(target, folder, path) == 0 else { throw FileError(errno, "symlinkat", path) }
    }

    public func linkTarget(_ path: String) throws(FileError) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlinkat(folder, path, &buffer, buffer.count)
        if count >= 0 { return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) }
        if errno == ENOENT || errno == EINVAL { return nil }
        throw FileError(errno, "readlinkat", path)
    }

    public func rename(_ old: String, _ new: String, _ mode: RenameMode) throws(FileError) {
        let flags: UInt32 =
            switch mode {
            case .noReplace: SP_RENAME_NOREPLACE
            case .exchange: SP_RENAME_EXCHANGE
            case .replace: 0
            }
        let result = sp_renameat2(folder, old, folder, new, flags)
        guard result == 0 else { throw FileError(-result, "renameat2", "\(old) -> \(new)") }
    }

    public func remove(_ path: String) throws(FileError) {
        guard unlinkat(folder, path, 0) == 0 else { throw FileError(errno, "unlinkat", path) }
    }

    public func removeFolder(_ path: String) throws(FileError) {
        guard unlinkat(folder, path, AT_REMOVEDIR) == 0 else { throw FileError(errno, "unlinkat", path) }
    }

    public func setModified(_ path: String, _ time: Timestamp) throws(FileError) {
        // Rounded down, also before 1970: utimensat(2) wants the nanoseconds positive.
        let milliseconds = (time.milliseconds % 1000 + 1000) % 1000
        let seconds = time.milliseconds / 1000 - (time.milliseconds % 1000 < 0 ? 1 : 0)
        let result = sp_set_mtime(folder, path, seconds, Int(milliseconds) * 1_000_000)
        guard result == 0 else { throw FileError(-result, "utimensat", path) }
    }

    public func sync(_ paths: [String]) -> [FileError?] {
        guard paths.count > 1 else { return paths.map(sync) }
        var errors: [FileError?] = []
        // In pieces, so that the open files have a limit.
        for start in stride(from: 0, to: paths.count, by: 256) {
            errors += SyncBatch(paths[start..<min(start + 256, paths.count)], in: folder).run()
        }
        return errors
    }

    private func sync(_ path: String) -> FileError? {
        do {
            let descriptor = try Descriptor(at: folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            return fsync(descriptor.number) == 0 ? nil : FileError(errno, "fsync", path)
        } catch {
            return error
        }
    }

    public func lock(_ path: String) throws(FileError) -> (any FileLock)? {
        while true {
            let descriptor = try Descriptor(at: folder, path, O_RDWR | O_CREAT | O_NOFOLLOW)
            while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
                if errno == EWOULDBLOCK { return nil }
                guard errno == EINTR else { throw FileError(errno, "flock", path) }
            }
            // The folder may have gone to the trash between open and flock: a lock counts only on the file that
            // the path still names.
            guard let named = try status(path), named.inode == (try descriptor.status(path)).inode else { continue }
            return LinuxFileLock(descriptor, path: path)
        }
    }

    public func digest(ofOutside source: String) throws(FileError) -> FileDigest {
        try digest(try Descriptor(at: AT_FDCWD, source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK), source)
    }

    public func digest(_ path: String) throws(FileError) -> FileDigest {
        try digest(try Descriptor(at: folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK), path)
    }

    private func digest(_ descriptor: borrowing Descriptor, _ path: String) throws(FileError) -> FileDigest {
        guard try descriptor.status(path).kind == .file else { throw FileError(EINVAL, "read", path) }
        var hash = SHA256(sp_sha256_blocks)
        var total: Int64 = 0
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor.number, $0.baseAddress, $0.count) }
            if count == 0 { return FileDigest(bytes: total, sha256: hash.finished()) }
            guard count > 0 || errno == EINTR else { throw FileError(errno, "read", path) }
            guard count > 0 else { continue }
            chunk.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            total += Int64(count)
        }
    }

    public func reserve(_ path: String, bytes: Int64) throws(FileError) {
        let descriptor = try Descriptor(at: folder, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        guard bytes > 0 else { return }
        var error: Int32
        repeat { error = posix_fallocate(descriptor.number, 0, off_t(bytes)) } while error == EINTR
        guard error != 0 else { return }
        unlinkat(folder, path, 0)
        throw FileError(error, "fallocate", path)
    }

    public func space() throws(FileError) -> DiskSpace {
        var facts = statvfs()
        guard fstatvfs(folder, &facts) == 0 else { throw FileError(errno, "fstatvfs", ".") }
        // Some file systems answer "more than anybody can count".
        func bytes(_ blocks: fsblkcnt_t) -> Int64 {
            let (bytes, isTooMany) = UInt64(blocks).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
            return isTooMany ? .max : Int64(clamping: bytes)
        }
        return DiskSpace(
            freeBytes: bytes(facts.f_bavail), totalBytes: bytes(facts.f_blocks),
            freeFiles: Int64(clamping: facts.f_favail), totalFiles: Int64(clamping: facts.f_files))
    }

    /// True where other machines may change the folders, of which inotify(7) does not tell: NFS, SMB, FUSE, 9p,
    /// virtiofs. Numbers: linux/magic.h.
    public var isShared: Bool {
        [0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42, 0x6573_5546, 0x0102_1997, 0x6A65_6A63]
            .contains(sp_file_system_magic(folder))
    }
}
