import ArgumentParser
import Foundation
import JobCore

/// Where finished files go.
struct TargetOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: "Copy the film to this file or folder; takes get -1, -2, ….")
    var output: String?

    @Flag(help: "Replace files that are there.")
    var force = false

    /// Where a take goes.
    enum Place: Sendable, Equatable {
        /// It stays in the spool.
        case spool
        /// Absolute path.
        case file(String)
        /// Into this folder, under its own name; absolute path.
        case folder(String)
    }

    /// One place for each take, looked at before any work is done.
    ///
    /// - Throws: when a file is there already or its folder is not.
    func places(count: Int) throws -> [Place] {
        guard let output else { return Array(repeating: .spool, count: count) }
        let path = LocalPath.absolute(output)
        if LocalPath.isFolder(path) { return Array(repeating: .folder(path), count: count) }
        guard !output.hasSuffix("/"), LocalPath.isFolder(LocalPath.folder(path)) else {
            throw CommandError(
                .failed, "no_such_folder", "There is no folder for \(output).", hint: "Make the folder first.")
        }
        let paths = count == 1 ? [path] : (1...count).map { Self.numbered(path, $0) }
        for path in paths where !force && LocalPath.exists(path) {
            throw CommandError(
                .failed, "file_exists", "\(path) is there already.",
                hint: "Choose another name, or replace it: --force.")
        }
        return paths.map { .file($0) }
    }

    /// `film.mp4` → `film-2.mp4`
    static func numbered(_ path: String, _ number: Int) -> String {
        let name = path as NSString
        let ending = name.pathExtension
        return "\(name.deletingPathExtension)-\(number)" + (ending.isEmpty ? "" : ".\(ending)")
    }
}
