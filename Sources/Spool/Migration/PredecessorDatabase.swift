internal import GRDB
import Glibc
public import JobCore

/// The jobs database of the predecessor, read from a copy: SQLite makes files beside a database it opens, and the
/// source is never touched, whether it has a write-ahead log or a journal, and whether it was closed or not.
public struct PredecessorDatabase: Sendable {
    private let source: String
    private let folder: SpoolFolder

    /// - Parameter source: absolute path.
    public init(_ source: String, for folder: SpoolFolder) { (self.source, self.folder) = (source, folder) }

    /// Files that belong to a database, by what follows its name. The shared memory is made anew from the log.
    private static let companions = ["", "-wal", "-journal"]
    /// So often a copy is tried while somebody writes.
    private static let tries = 5

    /// Reads every row.
    ///
    /// - Parameters:
    ///   - batch: so many rows at a time.
    ///   - body: gets them in the order in which the jobs were made.
    /// - Throws: `config_error` when it is no such database, or somebody goes on writing to it; what `body` throws.
    public func read(batch: Int = 256, _ body: ([OldJob]) throws -> Void) throws {
        let copy = "\(SpoolLayout.temporary)/migration.\(folder.nonce())"
        do {
            try folder.files.makeFolder(copy)
        } catch {
            throw error.failure
        }
        defer { try? folder.removeTree(copy) }
        try take("\(copy)/jobs.db", into: copy)
        do {
            let database = try DatabaseQueue(path: folder.absolute("\(copy)/jobs.db"))
            defer { try? database.close() }
            try database.writeWithoutTransaction { try read(from: $0, batch, body) }
        } catch let error as DatabaseError {
            throw Failure(
                .configError, "\(source) cannot be read as a jobs database: \(error.message ?? "\(error.resultCode)").",
                hint: "Name the predecessor's SQLite file, which has a table jobs.")
        }
    }

    // MARK: - The copy

    private func take(_ path: String, into copy: String) throws {
        for _ in 0..<Self.tries {
            let before = stamps()
            guard before[0] != nil else {
                throw Failure(
                    .configError, "There is no file \(source).", hint: "Name the predecessor's SQLite database.")
            }
            for (suffix, stamp) in zip(Self.companions, before) where stamp != nil {
                do {
                    try folder.removeTree(path + suffix)
                    try folder.files.copy(fromOutside: source + suffix, path + suffix)
                } catch {
                    // A log that went away meanwhile: the stamps tell.
                    if error.isMissing, !suffix.isEmpty { continue }
                    throw error.failure
                }
            }
            if stamps() == before { return }
        }
        throw Failure(
            .configError, "Somebody goes on writing to \(source).", hint: "Stop the predecessor first, then try again.",
            isRetryable: true)
    }

    /// What tells that a file was written to; nil for one that is not there.
    private func stamps() -> [[Int64]?] {
        Self.companions.map { suffix in
            var status = stat()
            guard lstat(source + suffix, &status) == 0 else { return nil }
            return [
                Int64(status.st_ino), Int64(status.st_size), Int64(status.st_mtim.tv_sec),
                Int64(status.st_mtim.tv_nsec),
            ]
        }
    }

    // MARK: - The rows

    private func read(from database: Database, _ batch: Int, _ body: ([OldJob]) throws -> Void) throws {
        var columns: [String] = []
        var list = try IndexStatement("SELECT name FROM pragma_table_info('jobs')", in: database)
        try list.forEachRow { if let name = $0.text(0) { columns.append(name) } }
        guard columns.contains("job_id"), columns.contains("status") else {
            throw Failure(
                .configError, "\(source) has no table jobs with job_id and status.",
                hint: "Name the predecessor's SQLite database.")
        }
        let names = columns.filter { OldJob.columns.contains($0) }
        let order = names.contains("created_at") ? "created_at, job_id" : "job_id"
        var rows = try IndexStatement(
            "SELECT \(names.joined(separator: ", ")) FROM jobs ORDER BY \(order)", in: database)
        var jobs: [OldJob] = []
        try rows.forEachRow { row in
            var values: [String: String] = [:]
            for (index, name) in names.enumerated() { values[name] = row.text(index) }
            jobs.append(OldJob(values))
            guard jobs.count == batch else { return }
            try body(jobs)
            jobs.removeAll(keepingCapacity: true)
        }
        if !jobs.isEmpty { try body(jobs) }
    }
}
