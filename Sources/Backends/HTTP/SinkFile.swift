import CLinux
import Glibc
import JobCore

/// A file that grows while an answer comes in, with its size and checksum.
struct SinkFile: ~Copyable {
    let path: String
    private let file: Int32
    private(set) var size: Int64 = 0
    private var hash = SHA256(sp_sha256_blocks)

    /// Opens a file to be written, which may be there.
    ///
    /// - Parameter isKept: counts what is in it already; else it is emptied.
    init(_ path: String, isKept: Bool = false) throws(HTTPFailure) {
        self.path = path
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        file = open(path, isKept ? flags : flags | O_TRUNC, 0o644)
        var facts = stat()
        guard file >= 0, fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw Self.failure("opened", path)
        }
        if isKept { try countWhatIsThere() }
    }

    deinit { if file >= 0 { close(file) } }

    /// Begins again with an empty file.
    mutating func empty() throws(HTTPFailure) {
        guard ftruncate(file, 0) == 0 else { throw Self.failure("emptied", path) }
        (size, hash) = (0, SHA256(sp_sha256_blocks))
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) {
        var position = 0
        while position < bytes.count {
            let written = pwrite(
                file, bytes.baseAddress?.advanced(by: position), bytes.count - position,
                off_t(size + Int64(position)))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Self.failure("written", path) }
            position += written
        }
        hash.update(bytes)
        size += Int64(bytes.count)
    }

    /// SHA-256 of all bytes: 64 lower-case hexadecimal digits.
    var checksum: String {
        let copy = hash
        return copy.finished()
    }

    private mutating func countWhatIsThere() throws(HTTPFailure) {
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = pread(file, &buffer, buffer.count, off_t(size))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure("read", path) }
            guard count > 0 else { return }
            hash.update(buffer.prefix(count))
            size += Int64(count)
        }
    }

    private static func failure(_ what: String, _ path: String) -> HTTPFailure {
        let number = errno
        let name = path.split(separator: "/").last ?? ""
        let isFull = number == ENOSPC || number == EDQUOT
        return HTTPFailure(
            isFull ? .diskFull : .file, .answered,
            "\(name) could not be \(what): \(String(cString: strerror(number))).")
    }
}
