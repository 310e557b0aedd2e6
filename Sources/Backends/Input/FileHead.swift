import Glibc
import JobCore

/// The first bytes of a regular file that a job named, read before any other program opens it. Blocking.
struct FileHead {
    let status: stat
    let bytes: [UInt8]

    /// - Parameters:
    ///   - pointer: JSON pointer of the parameter that named the file, for messages.
    ///   - length: bytes wanted; a shorter file gives fewer.
    /// - Throws: `invalid_job` when it cannot be read or is no regular file.
    init(of path: String, length: Int, pointer: String) throws(Failure) {
        // O_NONBLOCK: opening a FIFO must not wait for its writer.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw Self.unreadable(pointer) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(.invalidJob, "\(pointer): it is no regular file.")
        }
        var head = [UInt8](repeating: 0, count: length)
        let count = read(file, &head, head.count)
        (self.status, bytes) = (status, Array(head.prefix(max(count, 0))))
    }

    /// What errno says, for the parameter.
    static func unreadable(_ pointer: String) -> Failure {
        Failure(.invalidJob, "\(pointer): the file cannot be read: \(String(cString: strerror(errno))).")
    }
}
