import Glibc
import Spool

/// A finished file that is being read; it can be read to its end also when its job is deleted meanwhile.
public final class OpenArtifact: Sendable {
    public let name: String
    /// Bytes.
    public let size: Int64
    /// Names exactly these bytes: their SHA-256 where it is known.
    public let tag: String
    private let descriptor: Int32

    /// Blocking. Nil when there is no regular file at the path.
    init?(path: String, name: String, sha256: String?) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        (self.descriptor, self.name, size) = (descriptor, name, Int64(status.st_size))
        let written = "\(status.st_ino)-\(status.st_size)-\(status.st_mtim.tv_sec)-\(status.st_mtim.tv_nsec)"
        tag = sha256.flatMap { $0.isEmpty ? nil : $0 } ?? written
    }

    deinit { close(descriptor) }

    /// The bytes from a place on; fewer only at the end of the file.
    public func read(from offset: Int64, count: Int) async throws -> [UInt8] {
        try await BlockingWork.run { [self] in
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    guard let base = buffer.baseAddress else { return }
                    let got = pread(descriptor, base + filled, count - filled, off_t(offset) + off_t(filled))
                    if got < 0, errno == EINTR { continue }
                    guard got >= 0 else { throw FileError(errno, "pread", name).failure }
                    if got == 0 { return }
                    filled += got
                }
            }
        }
    }
}
