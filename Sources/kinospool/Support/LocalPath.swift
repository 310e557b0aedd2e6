import Foundation
import Glibc

/// Paths as people type them.
enum LocalPath {
    /// An absolute path without `.`, `..` and `~`; relative ones begin in `folder`, else in the working folder.
    static func absolute(_ path: String, in folder: String? = nil) -> String {
        let expanded = (path as NSString).expandingTildeInPath
        let base = folder ?? FileManager.default.currentDirectoryPath
        let full = expanded.hasPrefix("/") ? expanded : "\(base)/\(expanded)"
        return (full as NSString).standardizingPath
    }

    /// The file that a path leads to, through every symbolic link; nil when there is none.
    static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// The part after the last slash.
    static func name(_ path: String) -> String { (path as NSString).lastPathComponent }

    /// The folder that holds it.
    static func folder(_ path: String) -> String { (path as NSString).deletingLastPathComponent }

    static func isFolder(_ path: String) -> Bool {
        var isFolder = ObjCBool(false)
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
