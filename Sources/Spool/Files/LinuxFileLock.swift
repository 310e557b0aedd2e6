import Glibc
import Synchronization

/// A lock by flock(2) on an open file; the kernel frees it with the last descriptor of it, when its holder dies.
final class LinuxFileLock: FileLock {
    private let descriptor: Mutex<Int32?>
    private let path: String

    /// - Parameter duplicating: a descriptor that holds the lock; a duplicate shares it and outlives the original.
    init(duplicating number: Int32, path: String) throws(FileError) {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw FileError(errno, "fcntl", path) }
        self.descriptor = Mutex(copy)
        self.path = path
    }

    deinit { release() }

    func touch() throws(FileError) {
        let result = descriptor.withLock { number -> Int32 in
            guard let number else { return EBADF }
            return futimens(number, nil) == 0 ? 0 : errno
        }
        guard result == 0 else { throw FileError(result, "futimens", path) }
    }

    func release() {
        descriptor.withLock { number in
            guard let open = number else { return }
            // Closing alone frees it only with the last copy, and a child of this process has one until its exec.
            flock(open, LOCK_UN)
            close(open)
            number = nil
        }
    }
}
