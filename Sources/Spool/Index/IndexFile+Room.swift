internal import Glibc
internal import JobCore

/// Room for SQLite's shared memory, which is a file that every process maps.
///
/// A page of a mapped file that finds no room on the disk when it is first written ends the process by SIGBUS. SQLite
/// writes one byte into each 4 KiB of the file before it maps them, which is enough where a block of the disk is as
/// large as a page. Smaller disks have smaller blocks (ext4 below 512 MB: 1 KiB), so all of them are asked for here.
extension IndexFile {
    /// On a disk with less room the index is not opened: the files answer instead. Far more than the shared memory is.
    private static let roomToOpen: UInt64 = 1 << 20

    /// - Throws: `disk_full` when the disk is too full to open the index on it.
    func checkRoom() throws {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 || statvfs(folder, &facts) == 0 else { return }
        let (free, isTooMany) = UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
        guard isTooMany || free >= Self.roomToOpen else { throw failure("it is not opened on a full disk", ENOSPC) }
    }

    /// Gives every block of the shared memory its place on the disk. - Precondition: the database is open.
    ///
    /// - Throws: `disk_full` when there is no room.
    func settleSharedMemory() throws {
        guard let wanted = Self.identity(path + "-shm"), let descriptor = Self.descriptor(of: wanted) else { return }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return }
        // Where the file system cannot do it there is nothing to be done.
        guard posix_fallocate(descriptor, 0, status.st_size) == ENOSPC else { return }
        throw failure("its shared memory finds no room", ENOSPC)
    }

    /// SQLite's own descriptor of a file: closing any other one would drop its locks.
    private static func descriptor(of file: Identity) -> Int32? {
        guard let stream = opendir("/proc/self/fd") else { return nil }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard let number = Int32(name), fstat(number, &status) == 0 else { continue }
            if Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)) == file { return number }
        }
        return nil
    }
}
