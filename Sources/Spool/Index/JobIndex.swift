internal import Dispatch
internal import JobCore
internal import Synchronization

/// The derived index: what the job files say, kept in SQLite for lists, filters, counts and names.
///
/// It holds no truth. Whoever owns it feeds it with what the files say; whatever happens to it, jobs go on, and it is
/// filled anew. Any process may have it open beside others.
///
/// Invariants:
/// 1. A broken file is never repaired: it is renamed, and an empty one takes its place (`wasRebuilt`).
/// 2. A file that was not filled to the end is known as such after every crash (`refill` in the schema).
/// 3. Damage that any call meets is thrown as `IndexDamaged`; every other error is a `Failure`, or the
///    `CancellationError` of the caller's task.
///
/// Each call exists twice: with `await` it waits without holding a thread of the cooperative pool, without it blocks.
public final class JobIndex: Sendable {
    /// Where the database is.
    public let path: String
    /// True when it answers questions only.
    public let isReadOnly: Bool
    /// Ids deleted since a refill began: what the refill read of them before must not bring them back.
    let deletedDuringRefill = Mutex<Set<JobID>?>(nil)

    private let connection: Mutex<IndexConnection>

    /// Opens the index, blocking. A missing or broken file is replaced by an empty one, a broken one is set aside as
    /// `NAME.broken-MILLISECONDS` (one such set is kept).
    ///
    /// - Parameters:
    ///   - path: the database file (mode 0600 when it is made), in a folder that exists.
    ///   - readOnly: true changes nothing at all; default false.
    /// - Throws: `IndexDamaged` when it is read-only and missing or broken; `Failure` when it can neither be opened nor
    ///   replaced.
    public init(path: String, readOnly: Bool = false) throws {
        (self.path, isReadOnly) = (path, readOnly)
        let file = IndexFile(path: path)
        connection = Mutex(
            readOnly ? try IndexConnection.reading(file) : try IndexConnection.writing(file, condemned: nil))
    }

    /// Opens the index as `init` does, without blocking the caller's thread.
    public static func open(path: String, readOnly: Bool = false) async throws -> JobIndex {
        try await BlockingWork.run { try JobIndex(path: path, readOnly: readOnly) }
    }

    /// True while the rows are not all there: the file is new, took the place of a broken one, or its last refill did
    /// not end. The owner calls `rebuild`; when that ends it is false.
    public var wasRebuilt: Bool { current.wantsRefill.load(ordering: .acquiring) }

    /// Opens anew after damage, blocking: a damaged file is set aside and an empty one made; a healthy file that
    /// another process put there meanwhile is taken over. Does nothing while the index is intact.
    ///
    /// - Throws: as `init`.
    public func reopen() throws {
        let old = current
        guard !isIntact() else { return }
        let file = IndexFile(path: path)
        let condemned = old.identities.first ?? nil
        let new =
            isReadOnly ? try IndexConnection.reading(file) : try IndexConnection.writing(file, condemned: condemned)
        // Whoever was quicker stays; calls under way keep the connection they began with.
        connection.withLock { if $0 === old { $0 = new } }
    }

    /// Opens anew as the other `reopen` does, without blocking the caller's thread.
    public func reopen() async throws { try await BlockingWork.run { try self.reopen() } }

    /// A cheap look whether the index can still be trusted, blocking: the path names the files that were opened, their
    /// heads are SQLite's, and a small question is answered. A busy database counts as intact.
    public func isIntact() -> Bool {
        let connection = current
        guard !connection.isDamaged else { return false }
        guard connection.isInPlace() else {
            connection.noteDamage()
            return false
        }
        do {
            try connection.reading { try connection.check($0) }
            return true
        } catch {
            return !(error is IndexDamaged)
        }
    }

    /// Looks as the other `isIntact` does, without blocking the caller's thread.
    public func isIntact() async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: self.isIntact()) }
        }
    }

    var current: IndexConnection { connection.withLock { $0 } }

    func reading<Answer>(_ body: (IndexReader) throws -> Answer) throws -> Answer { try current.reading(body) }

    func reading<Answer: Sendable>(_ body: @Sendable (IndexReader) throws -> Answer) async throws -> Answer {
        try await current.reading(body)
    }

    func writing(_ body: (IndexWriter) throws -> Void) throws { try current.writing(body) }

    func writing(_ body: @Sendable (IndexWriter) throws -> Void) async throws { try await current.writing(body) }
}
