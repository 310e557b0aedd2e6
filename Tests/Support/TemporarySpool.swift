import Foundation
public import JobCore
public import Spool

/// A spool in a folder of its own below the system's temporary one, removed with the last reference.
public final class TemporarySpool: Sendable {
    /// Absolute path of the spool.
    public let root: String
    /// The real disk.
    public let files: LinuxFileSystem
    /// The spool on it, prepared.
    public let folder: SpoolFolder
    /// What opening it found.
    public let origin: SpoolFolder.Origin
    /// The folder around it, for files outside the spool.
    public let outside: String

    /// - Parameters:
    ///   - durability: default fast, because most tests do not cut the power.
    ///   - now: default the real clock, because the kernel stamps files with it.
    public init(
        durability: Durability = .fast, seed: UInt64 = 1,
        now: @escaping @Sendable () -> Timestamp = TemporarySpool.realTime
    ) throws {
        outside = FileManager.default.temporaryDirectory.path + "/kinospool-test-\(UUID().uuidString)"
        root = outside + "/spool"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        files = try LinuxFileSystem(root: root)
        folder = SpoolFolder(
            files: files, root: root, durability: durability, now: now, random: SeededRandom.source(seed))
        origin = try folder.prepare()
    }

    deinit { try? FileManager.default.removeItem(atPath: outside) }

    /// The wall clock.
    public static let realTime: @Sendable () -> Timestamp = {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// Writes a file as a person does, by its path below the spool.
    public func drop(_ path: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(root)/\(path)"))
    }

    /// The files below a folder of the spool, sorted, folders with a slash at the end.
    public func listing(_ folder: String) -> [String] {
        (FileManager.default.subpaths(atPath: "\(root)/\(folder)") ?? []).map { path in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(root)/\(folder)/\(path)", isDirectory: &isFolder)
            return isFolder.boolValue ? path + "/" : path
        }.sorted()
    }
}
