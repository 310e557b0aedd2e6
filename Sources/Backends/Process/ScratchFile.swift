import Glibc
import JobCore

/// Small file operations inside a scratch folder, with errors as `Failure`.
///
/// All of them block; call them through `BlockingWork`.
enum ScratchFile {
    /// Writes all bytes to a new or emptied file.
    ///
    /// - Throws: `disk_full` when there is no room, else `internal_error`.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw failure("write", path) }
        defer { close(file) }
        try append(bytes, to: file, path: path)
    }

    /// Writes the same block again and again until the file has grown by the given number of bytes.
    static func append(_ block: [UInt8], count: Int, to path: String) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw failure("write", path) }
        defer { close(file) }
        var rest = count
        while rest > 0 {
            try append(rest >= block.count ? block : Array(block.prefix(rest)), to: file, path: path)
            rest -= min(rest, block.count)
        }
    }

    /// Writes bytes to a new or emptied file, and behind them pieces of other files.
    ///
    /// - Throws: `disk_full` when there is no room; `internal_error`, also for a piece that is not there.
    static func write(
        _ head: [UInt8], and sources: [(path: String, pieces: [Range<Int>])], to path: String
    ) throws(Failure) {
        try write(head, to: path)
        let file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw failure("write", path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        for source in sources {
            let input = open(source.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard input >= 0 else { throw failure("read", source.path) }
            defer { close(input) }
            for piece in source.pieces {
                guard let part = read(input, piece) else { throw failure("read", source.path) }
                bytes += part
                guard bytes.count > 1 << 20 else { continue }
                try append(bytes, to: file, path: path)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try append(bytes, to: file, path: path)
    }

    /// A piece of an open file; nil when it is not all there.
    static func read(_ file: Int32, _ piece: Range<Int>) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: piece.count) { buffer, filled in
            while filled < piece.count {
                let place = off_t(piece.lowerBound + filled)
                let got = pread(file, buffer.baseAddress?.advanced(by: filled), piece.count - filled, place)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return }
                filled += got
            }
        }
        return bytes.count == piece.count ? bytes : nil
    }

    /// All bytes of a file, nil when it is missing or larger than the limit.
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size <= limit else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            offset += count
        }
        return bytes
    }

    /// Makes a folder that may be there already.
    static func makeFolder(_ path: String) throws(Failure) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
    }

    /// Removes a folder and the files in it; what cannot be removed is swept with the scratch folder.
    static func removeFolder(_ path: String) {
        guard let stream = opendir(path) else { return }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink("\(path)/\(name)") }
        }
        closedir(stream)
        rmdir(path)
    }

    /// A symbolic link.
    static func makeLink(to target: String, at path: String) throws(Failure) {
        guard symlink(target, path) == 0 else { throw failure("link", path) }
    }

    /// A second name for a file, over what may have it.
    static func makeSecondName(_ newPath: String, of path: String) throws(Failure) {
        unlink(newPath)
        guard link(path, newPath) == 0 else { throw failure("link", path) }
    }

    /// Gives a finished file its final name.
    static func rename(_ path: String, to newPath: String) throws(Failure) {
        guard Glibc.rename(path, newPath) == 0 else { throw failure("rename", path) }
    }

    /// Removes a file that may not exist. A leftover is swept with the scratch folder, so failing is no harm.
    static func removeBestEffort(_ path: String) { unlink(path) }

    /// Size of a regular file, nil for anything else; symbolic links are not followed.
    static func size(of path: String) -> Int64? {
        var facts = stat()
        guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(facts.st_size)
    }

    private static func append(_ bytes: [UInt8], to file: Int32, path: String) throws(Failure) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure("write", path) }
            offset += written
        }
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        let number = errno
        let isFull = number == ENOSPC || number == EDQUOT
        return Failure(
            isFull ? .diskFull : .internalError, "Could not \(verb) \(path): \(String(cString: strerror(number))).")
    }
}
