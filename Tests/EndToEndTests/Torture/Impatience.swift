import Foundation
import Glibc
import JobCore
import Synchronization

/// Somebody who starts every postponed job at once, with `touch`: nobody waits for the pause before another attempt.
final class Impatience: Sendable {
    private let folder: String
    private let isOver = Atomic(false)

    /// - Parameter spool: absolute path.
    init(spool: String) { folder = "\(spool)/\(SpoolLayout.queued)" }

    /// Touches postponed jobs while the body runs.
    static func during<Result>(_ desk: Desk, _ body: () async throws -> Result) async throws -> Result {
        let impatience = Impatience(spool: "\(desk.folder)/spool")
        async let watching: Void = ChangeSignal.wait(for: [impatience.folder]) { impatience.look() }
        do {
            let result = try await body()
            impatience.end()
            try await watching
            return result
        } catch {
            impatience.end()
            throw error
        }
    }

    /// Touches what is postponed. - Returns: whether the watching is over.
    private func look() -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !name.hasPrefix(".") {
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0, status.st_mtim.tv_sec > now.tv_sec else { continue }
            utimes("\(folder)/\(name)", nil)
        }
        return isOver.load(ordering: .acquiring)
    }

    /// A hidden file, which the program leaves alone, rings the bell.
    private func end() {
        isOver.store(true, ordering: .releasing)
        let bell = "\(folder)/.over"
        close(open(bell, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600))
        unlink(bell)
    }
}
