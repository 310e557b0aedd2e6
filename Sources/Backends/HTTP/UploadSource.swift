import Glibc

/// The bytes of a request's body, from memory or from a file, in pieces.
struct UploadSource {
    private let body: HTTPRequest.Body
    private var position: Int64 = 0
    private var file: Int32 = -1

    init(_ body: HTTPRequest.Body) { self.body = body }

    /// Bytes in all; nil for no body.
    var length: Int64? {
        switch body {
        case .none: nil
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, _, let length): length
        }
    }

    /// Opens the file, where it is one.
    mutating func open() throws(HTTPFailure) {
        guard case .file(let path, _, _) = body else { return }
        file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        var facts = stat()
        guard file >= 0, fstat(file, &facts) == 0 else { throw Self.failure("cannot be read: \(Self.reason())") }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw Self.failure("is no regular file") }
    }

    mutating func close() {
        if file >= 0 { Glibc.close(file) }
        file = -1
    }

    /// The next bytes; 0 at the end.
    mutating func read(into room: UnsafeMutableRawBufferPointer) throws(HTTPFailure) -> Int {
        let count = Int(min(Int64(room.count), (length ?? 0) - position))
        guard count > 0 else { return 0 }
        switch body {
        case .none: return 0
        case .bytes(let bytes):
            bytes.withUnsafeBytes {
                room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[Int(position)..<Int(position) + count]))
            }
            position += Int64(count)
            return count
        case .file(_, let offset, _):
            while true {
                let got = pread(file, room.baseAddress, count, off_t(offset + position))
                if got < 0, errno == EINTR { continue }
                guard got >= 0 else { throw Self.failure("cannot be read: \(Self.reason())") }
                guard got > 0 else { throw Self.failure("is shorter than it was") }
                position += Int64(got)
                return got
            }
        }
    }

    /// Goes back to a place, for a connection that broke before the first byte came back.
    mutating func rewind(to place: Int64) -> Bool {
        guard place >= 0, place <= length ?? 0 else { return false }
        position = place
        return true
    }

    private static func reason() -> String { String(cString: strerror(errno)) }

    private static func failure(_ text: String) -> HTTPFailure {
        HTTPFailure(.file, .preparing, "The file to send \(text).")
    }
}
