import Foundation
import Glibc
import JobCore

/// The file with the bearer token of the HTTP API.
enum TokenFile {
    /// The shortest token that nobody guesses, in bytes.
    static let shortest = 16

    /// The first line of the file.
    ///
    /// - Parameter path: absolute.
    /// - Throws: `config_error` for a file that is not there, that others may read, or in which no token stands.
    static func read(_ path: String) throws(Failure) -> String {
        let hint = "Make one: kinospool config token --new"
        var status = stat()
        guard stat(path, &status) == 0, let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure(.configError, "KINOSPOOL_TOKEN_FILE: \(path) cannot be read.", hint: hint)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Failure(
                .configError, "KINOSPOOL_TOKEN_FILE: \(path) may be read by others.", hint: "chmod 600 \(path)")
        }
        let token = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        guard (shortest...1024).contains(token.utf8.count), token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Failure(
                .configError,
                "KINOSPOOL_TOKEN_FILE: the first line of \(path) is no token of \(shortest) bytes or more.",
                hint: hint)
        }
        return token
    }

    /// Writes a new token, whole or not at all; nobody else may read it.
    static func write(_ path: String) throws(Failure) {
        let half = "\(path).\(randomText(bytes: 8))"
        do {
            try FileManager.default.createDirectory(
                atPath: LocalPath.folder(path), withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(
                .configError, "The folder of \(path) cannot be made.", hint: "Name another: KINOSPOOL_TOKEN_FILE.")
        }
        let descriptor = open(half, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        let isWritten = descriptor >= 0 && Self.isWritten("\(randomText(bytes: 32))\n", descriptor)
        guard isWritten, rename(half, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(half)
            throw Failure(
                .configError, "\(path) cannot be written: \(reason).", hint: "Name another: KINOSPOOL_TOKEN_FILE.")
        }
    }

    private static func isWritten(_ text: String, _ descriptor: Int32) -> Bool {
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        return count == bytes.count && fsync(descriptor) == 0
    }

    /// Letters and digits that nobody guesses, from the system's own source.
    static func randomText(bytes count: Int) -> String {
        (0..<count).map { _ in
            let byte = UInt8.random(in: 0 ... .max)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
