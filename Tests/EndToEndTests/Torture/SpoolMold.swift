import Foundation
import Glibc
import JobCore
import Testing

/// A spool that was brought into an interesting state once, and from which any number of equal desks are cast.
///
/// Everything lies in memory where the machine has room for that: a killed process loses nothing that it had given to
/// the kernel, whatever the disk.
struct SpoolMold: Sendable {
    private let desk: Desk
    /// Whether the daemon shall take a cast for a restored copy.
    private let isCopy: Bool

    /// The folder for all desks of the campaigns.
    static let ground: String = {
        let memory = "/dev/shm"
        return FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    }()

    /// A desk with a fresh spool, brought into its state by the body.
    init(isEmpty: Bool = false, isCopy: Bool = false, _ prepare: (Desk) async throws -> Void) async throws {
        desk = try Self.emptyDesk()
        self.isCopy = isCopy
        do {
            if !isEmpty { try #require(try await desk.run("init", "--quiet").status == 0) }
            try await prepare(desk)
        } catch {
            remove()
            throw error
        }
    }

    /// A copy with all its hard links, which the daemon takes for the same spool.
    func cast() async throws -> Desk {
        let cast = try Self.emptyDesk()
        try await cast.shell("cp -a '\(desk.folder)/.' .")
        if !isCopy, cast.exists("spool/meta/identity") {
            var status = stat()
            try #require(lstat("\(cast.folder)/spool/meta", &status) == 0)
            let identity = "\(status.st_dev) \(status.st_ino)\n"
            try cast.write("spool/meta/identity", identity)
        }
        return cast
    }

    func remove() { desk.remove() }

    private static func emptyDesk() throws -> Desk {
        let folder = "\(ground)/kinospool-torture-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        return Desk(folder: folder)
    }
}

extension Desk {
    /// Clears the desk away.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// How a job stands: its folder, for a failed one with its code (`failed/worker_timeout`), or `gone`.
    func ending(_ id: String) -> String {
        guard let state = state(id) else { return "gone" }
        guard state == .failed else { return state.rawValue }
        return "failed/\((try? job(id).error?.code.rawValue) ?? "?")"
    }

    /// The ids of all tokens.
    var ids: Set<String> {
        Set(
            JobState.allCases.flatMap { state -> [String] in
                let folder = "\(folder)/spool/\(state.rawValue)"
                let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                return names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
            })
    }
}
