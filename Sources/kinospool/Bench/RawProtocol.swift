import JobCore
import Spool

/// The calls that the spool's own protocol cannot do without, one after the other, with nothing between them: record,
/// lock, synced file, link; run record and exchange; outcome, exchange, rename. What we need beyond that is ours to
/// save.
struct RawProtocol: Sendable {
    private let files: LinuxFileSystem
    private static let body = BenchJobs.document.bytes
    private static let groupSize = 64

    /// - Parameter root: an empty folder.
    init(_ root: String) throws {
        files = try LinuxFileSystem(root: root)
        for name in ["tmp", "queued", "running", "done", "work"] { try files.makeFolder(name) }
        for shard in 0..<256 { try files.makeFolder("work/\(shard)") }
    }

    private func record(_ number: Int) -> String { "work/\(number & 255)/\(number)" }

    /// Jobs into `queued/`, with one wait for the disk. - Parameter isDurable: they survive a power cut.
    func submit(_ numbers: Range<Int>, isDurable: Bool) throws {
        var locks: [any FileLock] = []
        defer { for lock in locks { lock.release() } }
        for number in numbers {
            try files.makeFolder(record(number))
            locks.append(try lock(number))
            try files.create("\(record(number))/job.json", Self.body)
        }
        if isDurable { try sync(numbers.map { "\(record($0))/job.json" }) }
        for number in numbers { try files.link("\(record(number))/job.json", "queued/\(number).json") }
        if isDurable { try sync(["queued"]) }
    }

    /// The whole life of jobs that wait in `queued/`, in groups.
    func drain(_ numbers: Range<Int>, isDurable: Bool) throws {
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: Self.groupSize) {
            let group = start..<min(start + Self.groupSize, numbers.upperBound)
            let locks = try group.map(claim)
            for number in group { try files.create("\(record(number))/final.json", Self.body) }
            if isDurable { try sync(group.map { "\(record($0))/final.json" }) }
            for number in group { try finish(number) }
            if isDurable { try sync(["done"]) }
            for lock in locks { lock.release() }
        }
    }

    private func claim(_ number: Int) throws -> any FileLock {
        let (token, temporary) = ("running/\(number).json", "tmp/\(number)")
        let lock = try lock(number)
        try files.rename("queued/\(number).json", token, .noReplace)
        _ = try files.read(token, limit: 1 << 20)
        try files.create("\(record(number))/run.json", Self.body)
        try files.create(temporary, Self.body)
        try files.rename(temporary, token, .exchange)
        try files.remove(temporary)
        return lock
    }

    private func finish(_ number: Int) throws {
        let (token, temporary) = ("running/\(number).json", "tmp/\(number)")
        try files.link("\(record(number))/final.json", temporary)
        try files.rename(temporary, token, .exchange)
        try files.remove(temporary)
        try files.rename(token, "done/\(number).json", .noReplace)
    }

    private func lock(_ number: Int) throws -> any FileLock {
        guard let lock = try files.lock("\(record(number))/beat") else { throw BenchProblem.call("flock", "beat") }
        return lock
    }

    private func sync(_ paths: [String]) throws {
        for case let error? in files.sync(paths) { throw error }
    }
}
