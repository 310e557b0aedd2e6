import Glibc
import JobCore
import Testing

/// A folder of one test, removed when the test ends.
final class IndexFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/kinospool-index-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names() { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    var database: String { "\(path)/jobs.sqlite" }

    /// Everything in the folder, sorted.
    func names() -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Writes bytes over the beginning of a file, in a process of its own: closing the file in this one would drop the
    /// locks SQLite holds for it.
    func overwrite(_ name: String, with text: String, keepingLength: Bool = false) throws {
        let command = "printf '%s' '\(text)' \(keepingLength ? "1<>" : ">") '\(path)/\(name)'"
        #expect(try IndexFolder.shell(command) == 0)
    }

    /// Runs a line of shell and answers its exit status.
    static func shell(_ line: String) throws -> Int32 {
        var process: pid_t = 0
        let words: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(line), nil]
        defer { words.forEach { free($0) } }
        try #require(posix_spawn(&process, "/bin/sh", nil, nil, words, environ) == 0)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return (status >> 8) & 0xFF
    }
}
