import Glibc

/// An open file that closes itself. Always `O_CLOEXEC`: no child process inherits a lock or a spool file.
struct Descriptor: ~Copyable {
    let number: Int32

    /// Opens relative to a folder's descriptor.
    init(at folder: Int32, _ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(FileError) {
        var number: Int32
        repeat { number = openat(folder, path, flags | O_CLOEXEC, mode) } while number < 0 && errno == EINTR
        guard number >= 0 else { throw FileError(errno, "openat", path) }
        self.number = number
    }

    deinit { close(number) }

    /// Gives the open file away: whoever takes it closes it.
    consuming func take() -> Int32 {
        let number = number
        discard self
        return number
    }

    /// Writes everything, also in the face of short writes and signals.
    borrowing func write(_ bytes: [UInt8], _ path: String) throws(FileError) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { raw -> Int in
                guard let base = raw.baseAddress else { return 0 }
                return Glibc.write(number, base + offset, raw.count - offset)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw FileError(errno, "write", path)
            }
            offset += written
        }
    }

    /// Everything up to the limit. - Throws: `EFBIG` past it.
    borrowing func readAll(limit: Int, expected: Int, _ path: String) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(max(expected, 512), 1 << 20) + 1)
        while true {
            let size = chunk.count
            let count = chunk.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, size) }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(errno, "read", path)
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            if bytes.count > limit { throw FileError(EFBIG, "read", path) }
            // All that fstat(2) spoke of, and the read stopped before the buffer was full: that was the end.
            if count < size, bytes.count >= expected { return bytes }
        }
    }

    /// Writes what is left to read from here.
    borrowing func copyRest(to output: borrowing Descriptor, _ path: String) throws(FileError) {
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) }
            if count == 0 { return }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(errno, "read", path) }
            try output.write(Array(chunk[..<count]), path)
        }
    }

    borrowing func status(_ path: String) throws(FileError) -> FileStatus {
        var raw = stat()
        guard fstat(number, &raw) == 0 else { throw FileError(errno, "fstat", path) }
        return FileStatus(raw)
    }
}

extension FileStatus {
    init(_ raw: stat) {
        let kind: Kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .symbolicLink
            default: .other
            }
        self.init(
            kind: kind, inode: UInt64(raw.st_ino), device: UInt64(raw.st_dev), size: Int64(raw.st_size),
            linkCount: Int(raw.st_nlink),
            modified: Self.nanoseconds(raw.st_mtim), changed: Self.nanoseconds(raw.st_ctim),
            permissions: UInt32(raw.st_mode) & 0o777)
    }

    /// Anybody may `touch -d 2400-01-01`: what 64 bits do not hold stands at the end of their range.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (whole, isTooFar) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isPastTheEnd) = whole.addingReportingOverflow(Int64(time.tv_nsec))
        return isTooFar || isPastTheEnd ? (time.tv_sec < 0 ? .min : .max) : sum
    }
}
