import Glibc
import JobCore

/// What other programs pipe in.
enum StandardInput {
    /// The most bytes that are taken, 64 MiB.
    static let limit = 64 << 20

    /// Everything up to the end, blocking.
    static func bytes() throws -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count == 0 { return all }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(.internalError, "stdin cannot be read: \(String(cString: strerror(errno))).")
            }
            all += chunk[..<count]
            guard all.count <= limit else { throw Failure(.invalidJob, "stdin holds more than 64 MiB.") }
        }
    }

    /// The words up to the end, blocking.
    static func words() throws -> [String] {
        String(decoding: try bytes(), as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
