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
        let hint = "Make one: (umask 077; head -c 32 /dev/urandom | base64 > \(path))"
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
}
