public import JobCore
internal import Synchronization

/// Changes. Each is one short transaction: all of it or nothing.
///
/// All throw `IndexDamaged` or `Failure` (`disk_full` among them; `internal_error` also for a read-only index).
extension JobIndex {
    /// Writes what the files say now, over whatever stood there, and forgets the jobs that are gone.
    ///
    /// - Parameter deletions: forgotten first, so that an id in both ends up written.
    public func apply(upserts: [IndexRow], deletions: [JobID] = []) throws {
        try writing { try self.apply(upserts, deletions, $0) }
    }
    /// Writes what the files say now, over whatever stood there, and forgets the jobs that are gone.
    ///
    /// - Parameter deletions: forgotten first, so that an id in both ends up written.
    public func apply(upserts: [IndexRow], deletions: [JobID] = []) async throws {
        try await writing { try self.apply(upserts, deletions, $0) }
    }

    /// Notes signs of life; jobs that are not running are left alone.
    public func touchHeartbeats(_ beats: [(JobID, Timestamp)]) throws { try writing { try $0.touchHeartbeats(beats) } }
    /// Notes signs of life; jobs that are not running are left alone.
    public func touchHeartbeats(_ beats: [(JobID, Timestamp)]) async throws {
        try await writing { try $0.touchHeartbeats(beats) }
    }

    /// Notes how far a running job is, 0…100, and what it says; any other job is left alone.
    public func setProgress(_ id: JobID, _ progress: Int, _ message: String) throws {
        try writing { try $0.setProgress(id, progress, message) }
    }
    /// Notes how far a running job is, 0…100, and what it says; any other job is left alone.
    public func setProgress(_ id: JobID, _ progress: Int, _ message: String) async throws {
        try await writing { try $0.setProgress(id, progress, message) }
    }

    /// Keeps a text for a folder, by which the owner later knows whether it changed; nil forgets it.
    public func setStamp(_ stamp: String?, ofFolder folder: String) throws {
        try writing { try $0.setStamp(stamp, ofFolder: folder) }
    }
    /// Keeps a text for a folder, by which the owner later knows whether it changed; nil forgets it.
    public func setStamp(_ stamp: String?, ofFolder folder: String) async throws {
        try await writing { try $0.setStamp(stamp, ofFolder: folder) }
    }

    /// Keeps what `setStamp` keeps, for several folders.
    func setStamps(_ stamps: [String: String?]) throws {
        guard !stamps.isEmpty else { return }
        try writing { writer in for (folder, stamp) in stamps { try writer.setStamp(stamp, ofFolder: folder) } }
    }

    private func apply(_ upserts: [IndexRow], _ deletions: [JobID], _ writer: IndexWriter) throws {
        try writer.delete(deletions)
        try writer.write(upserts, with: IndexSchema.upsert)
        deletedDuringRefill.withLock { deleted in
            deleted?.formUnion(deletions)
            deleted?.subtract(upserts.map(\.view.id))
        }
    }
}
