import Glibc
import JobCore
import Spool

/// Drops job files as a careful program does: written beside the spool, then renamed into `queued/`.
struct BenchDrop: Sendable {
    private let spool: SpoolFolder
    private let beside: String

    init(into spool: SpoolFolder) throws {
        self.spool = spool
        beside = "\(LocalPath.folder(spool.root))/beside"
        guard mkdir(beside, 0o700) == 0 else { throw BenchProblem.call("mkdir", beside) }
    }

    /// - Returns: the moment just before the name appeared, by `BenchClock`.
    @discardableResult
    func drop(_ name: String) throws -> Double {
        let path = "\(beside)/\(name).json"
        let bytes = BenchJobs.document.bytes
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer { close(file) }
        guard file >= 0, write(file, bytes, bytes.count) == bytes.count else { throw BenchProblem.call("write", path) }
        let start = BenchClock.now()
        guard rename(path, spool.absolute("\(SpoolLayout.queued)/\(name).json")) == 0 else {
            throw BenchProblem.call("rename", path)
        }
        return start
    }
}
