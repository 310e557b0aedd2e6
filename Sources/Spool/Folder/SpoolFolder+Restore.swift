import Glibc
public import JobCore

/// Taking jobs out of a copy that lies in `restore/`, one by one, by renames: nothing is copied twice.
///
/// Invariants:
/// 1. A job that the spool has is left alone, whatever the copy says of it.
/// 2. The record moves first, then the token: who is killed in between leaves a record, whose token lies in the copy,
///    and the next run goes on there.
extension SpoolFolder {
    /// What came of one job.
    public enum RestoreResult: Sendable, Equatable {
        case restored(JobState)
        /// The spool has a job of this id.
        case kept
        /// The copy has no whole job of this id.
        case missing
    }

    /// The copy in `restore/` as a spool of its own.
    ///
    /// - Throws: `config_error` when it is no spool, or a newer version's.
    public func staging() throws(Failure) -> SpoolFolder {
        let copy = try SpoolFolder.open(absolute(SpoolLayout.staging), durability: durability, isCreating: false)
        do {
            guard try copy.files.status(SpoolLayout.format) != nil else {
                throw Failure(
                    .configError, "What was to be restored is no spool: it has no \(SpoolLayout.format).",
                    hint: "Name the folder that kinospool backup, or rsync, has made.")
            }
        } catch let error as FileError {
            throw error.failure
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.internalError, "\(error)")
        }
        try copy.checkFormat()
        _ = try copy.prepare(isRecognising: false)
        return copy
    }

    /// Holds `restore/` for one command; nil when another restores.
    public func lockForRestore() throws(FileError) -> (any FileLock)? {
        try ignoringTaken { () throws(FileError) in try files.makeFolder(SpoolLayout.staging) }
        return try files.lock(SpoolLayout.restoreLock)
    }

    /// Moves one job of the copy into this spool.
    public func restore(_ id: JobID, from copy: SpoolFolder) throws(FileError) -> RestoreResult {
        try withBallast { () throws(FileError) in
            guard try place(of: id) == nil, try files.status(SpoolLayout.trashedToken(id)) == nil else { return .kept }
            guard let place = try copy.place(of: id), let document = try copy.document(id, at: place) else {
                return .missing
            }
            if try copy.files.status(SpoolLayout.record(id)) != nil {
                // One that is there is another job's, or this job's, of a run that was killed before the token moved.
                let isMoved = try moveRecord(id)
                guard try isMoved ? true : isSameJob(id, in: copy) else { return .kept }
            } else if try files.status(SpoolLayout.record(id)) == nil {
                _ = try makeRecord(id)
            }
            try sync([SpoolLayout.shard(id)])
            let target = SpoolLayout.token(id, at: place)
            if place.day != nil {
                try ignoringTaken { () throws(FileError) in try files.makeFolder(SpoolLayout.folder(of: place)) }
            }
            do throws(FileError) {
                try files.rename("\(SpoolLayout.staging)/\(target)", target, .noReplace)
            } catch {
                if error.isTaken { return .kept }
                throw error
            }
            try sync([SpoolLayout.folder(of: place)])
            if place.state == .done { try makeFilmLinks(id, document) }
            return .restored(place.state)
        }
    }

    /// False when the spool has such a record already.
    private func moveRecord(_ id: JobID) throws(FileError) -> Bool {
        for _ in 0..<2 {
            do throws(FileError) {
                try files.rename("\(SpoolLayout.staging)/\(SpoolLayout.record(id))", SpoolLayout.record(id), .noReplace)
                return true
            } catch {
                if error.isTaken || error.errno == ENOTEMPTY { return false }
                guard error.isMissing else { throw error }
                try ignoringTaken { () throws(FileError) in try files.makeFolder(SpoolLayout.shard(id)) }
            }
        }
        throw FileError(ENOENT, "renameat2", SpoolLayout.record(id))
    }

    private func isSameJob(_ id: JobID, in copy: SpoolFolder) throws(FileError) -> Bool {
        guard let born = try bytes(at: SpoolLayout.birth(id)) else { return false }
        return try copy.bytes(at: SpoolLayout.birth(id)) == born
    }

    /// Takes over what the copy knows of object storage: its objects are the restored jobs'.
    public func restoreStorageEntries(from copy: SpoolFolder) throws(FileError) {
        for entry in try copy.storageEntries() where try place(of: entry.job) != nil {
            let path = SpoolLayout.storageEntry(entry)
            try ignoringTaken { () throws(FileError) in
                try files.rename("\(SpoolLayout.staging)/\(path)", path, .noReplace)
            }
        }
    }

    /// What costs money waits for a person: the original may still run the same jobs.
    public func pausePaidLanes() throws(FileError) {
        try pause(
            SpoolLayout.pausedPaid, reason: "Jobs were restored; their original may still run the same paid jobs.")
    }

    /// Removes the copy.
    public func removeStaging() throws(FileError) { try removeTree(SpoolLayout.staging) }
}
