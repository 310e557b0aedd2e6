import Spool

/// A lock on a fake disk; a crash of its holder frees it.
final class FakeDiskLock: FileLock {
    private let disk: FakeDisk
    private let inode: Int
    private let number: UInt64
    private let path: String

    init(disk: FakeDisk, inode: Int, number: UInt64, path: String) {
        (self.disk, self.inode, self.number, self.path) = (disk, inode, number, path)
    }

    deinit { release() }

    func touch() throws(FileError) {
        try disk.perform("futimens", path) { [inode] state in state.setModified(inode, state.time) }
    }

    func release() { disk.unlock(inode, number) }
}
