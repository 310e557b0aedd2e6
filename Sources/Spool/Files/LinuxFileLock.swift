import Glibc
import Synchronization

/// A lock by flock(2) on an open file; the kernel frees it with the last descriptor of it, when its holder dies.
final class LinuxFileLock: FileLock {
    private let descriptor: Mutex<Int32?>
    private let path: String

    /// - Parameter holder: an open file that holds the lock.
    init(_ holder: consuming Descriptor, path: String) {
        self.descriptor = Mutex(holder.take())
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
