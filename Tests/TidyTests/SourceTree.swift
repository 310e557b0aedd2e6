import Foundation

/// The repository as the tidy tests see it: its files, without what builds and runs leave behind.
enum SourceTree {
    /// One text file, by its path from the root.
    struct File: Sendable {
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

        /// Lines as `wc -l` counts them.
        var lineCount: Int { text.utf8.count(where: { $0 == UInt8(ascii: "\n") }) }

        /// `Sources/JobCore/Job/JobID.swift` → `JobCore`; nil outside of Sources and Tests.
        var target: String? {
            let parts = path.split(separator: "/")
            return parts.count > 2 && (parts[0] == "Sources" || parts[0] == "Tests") ? String(parts[1]) : nil
        }
    }

    /// Absolute path of the repository.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Every text file that belongs to the project.
    static let files: [File] = paths.compactMap { path in
        guard let data = FileManager.default.contents(atPath: "\(root)/\(path)"), !data.prefix(8192).contains(0) else {
            return nil
        }
        return File(path: path, text: String(decoding: data, as: UTF8.self))
    }

    /// The Swift files under a folder such as `Sources/`.
    static func swiftFiles(under folder: String) -> [File] {
        files.filter { $0.path.hasPrefix(folder) && $0.path.hasSuffix(".swift") }
    }

    /// One file that must be there.
    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }

    private static let paths: [String] = {
        var found: [String] = []
        collect("", into: &found)
        return found.sorted()
    }()

    private static func collect(_ folder: String, into found: inout [String]) {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
        for entry in entries {
            let path = folder.isEmpty ? entry : "\(folder)/\(entry)"
            guard belongs(path, name: entry) else { continue }
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder) else { continue }
            if isFolder.boolValue { collect(path, into: &found) } else { found.append(path) }
        }
    }

    /// What `.gitignore` keeps out, in few words: build folders, and all of the spool but contract and examples.
    private static func belongs(_ path: String, name: String) -> Bool {
        if name == ".git" || name == "Package.resolved" || name.hasPrefix(".build") || name == "__pycache__" {
            return false
        }
        guard path.hasPrefix("spool/") else { return true }
        return ["spool/README.md", "spool/.gitignore", "spool/examples"].contains(path)
            || path.hasPrefix("spool/examples/")
    }
}
