public import JobCore

/// Deleting: into the trash by one rename, then for good; a half-done delete is finished at the next start.
///
/// A run elsewhere that may still cost money outlives its job: until the provider has confirmed that it is over, its
/// name stays in the record, and the job's file in the trash keeps the id. What goes and what stays,
/// `RecordRemoval` says.
extension SpoolFolder {
    /// What came of a delete.
    public enum DeleteResult: Sendable, Equatable {
        /// How many artifacts went with it.
        case deleted(artifacts: Int)
        /// A running job is canceled before it can be deleted.
        case running
        case missing
    }

    /// Removes a job and all it made.
    public func delete(_ id: JobID) throws(FileError) -> DeleteResult {
        try withBallast { () throws(FileError) in try deleted(id) }
    }

    private func deleted(_ id: JobID) throws(FileError) -> DeleteResult {
        for _ in 0..<8 {
            // Nowhere at two looks, or gone from where it was: it is not there, or it moves, and another look can tell.
            guard let place = try place(of: id) else { continue }
            guard place.state != .running else { return .running }
            guard let result = try trash(id, at: place) else { continue }
            _ = try finishDelete(id)
            return result
        }
        return .missing
    }

    /// The rename that commits a delete. What the token leaves behind is the caller's to remove.
    ///
    /// - Returns: nil when the token is not there (any more).
    func trash(_ id: JobID, at place: JobPlace) throws(FileError) -> DeleteResult? {
        let document = try document(id, at: place)
        do {
            try files.rename(SpoolLayout.token(id, at: place), SpoolLayout.trashedToken(id), .replace)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
        try sync([SpoolLayout.trash], always: true)
        return .deleted(artifacts: document?.artifacts.count ?? 0)
    }

    /// What came of forgetting a job.
    public enum ForgetResult: Sendable, Equatable {
        case forgotten
        /// Somebody still holds the record, for example an attempt that was told to stop; to be tried again.
        case held
        case missing
    }

    /// Removes the record, links and outputs of a job whose token a person removed.
    public func forget(_ id: JobID) throws(FileError) -> ForgetResult {
        try withBallast { () throws(FileError) in try forgotten(id) }
    }

    private func forgotten(_ id: JobID) throws(FileError) -> ForgetResult {
        guard try files.status(SpoolLayout.record(id)) != nil else { return .missing }
        let lock = try lockOfRecord(id)
        defer { lock?.release() }
        // Looked at under the lock: a submit may have taken the id again meanwhile.
        guard try state(of: id) == nil else { return .missing }
        try removeFilmLinks(ofDeleted: id)
        // Stands for the token that a person took away, so that a delete that is interrupted from here on is finished.
        try ignoringTaken { () throws(FileError) in try files.create(SpoolLayout.trashedToken(id), []) }
        guard lock != nil else { return .held }
        _ = try clearRecord(id)
        return .forgotten
    }

    /// The lock of a record that is being removed; nil when somebody holds it, or has removed the record already.
    private func lockOfRecord(_ id: JobID) throws(FileError) -> (any FileLock)? {
        do {
            return try files.lock(SpoolLayout.beat(id))
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    /// Removes what a token in the trash leaves behind.
    ///
    /// - Returns: false while somebody still holds the record, for example an attempt that was told to stop. The id
    ///   stays reserved until then: a job that took it would be open to that attempt's late result. Whoever holds it
    ///   finishes the delete, by `removeIfDeleted`. Also false while a run elsewhere is to be ended.
    private func finishDelete(_ id: JobID) throws(FileError) -> Bool {
        try removeFilmLinks(ofDeleted: id)
        guard try files.status(SpoolLayout.record(id)) != nil else {
            try removeRecord(id)
            return true
        }
        guard let lock = try lockOfRecord(id) else { return false }
        defer { lock.release() }
        return try clearRecord(id)
    }

    /// Finishes a delete for which the record was held, after whoever held it has released it: a delete that comes
    /// later finds it free.
    public func finishDelete(ofReleased id: JobID) throws(FileError) {
        guard try files.status(SpoolLayout.trashedToken(id)) != nil, try state(of: id) == nil else { return }
        _ = try finishDelete(id)
    }

    /// Takes a look or a step under the job's lock.
    ///
    /// A delete puts the token into the trash first and tries the lock then. So it finds the lock free, or what it has
    /// begun is seen by a look into the trash after the release: here, whoever holds a lock for a moment takes it.
    ///
    /// - Returns: nil when somebody else holds the lock.
    func holding<Answer>(_ id: JobID, _ body: () throws(FileError) -> Answer) throws(FileError) -> Answer? {
        guard let lock = try files.lock(SpoolLayout.beat(id)) else { return nil }
        let answer: Answer
        do {
            answer = try body()
        } catch {
            letGo(id, lock)
            throw error
        }
        lock.release()
        try finishDelete(ofReleased: id)
        return answer
    }

    /// The same for a lock that is given up on the way out of something else, whose answer counts more.
    func letGo(_ id: JobID, _ lock: any FileLock) {
        lock.release()
        try? finishDelete(ofReleased: id)
    }

    /// The token may have lost its list of films to a retry that was cut short; then the record still has it.
    private func removeFilmLinks(ofDeleted id: JobID) throws(FileError) {
        for path in Self.accounts(ofDeleted: id) {
            if let document = try document(at: path) { try removeFilmLinks(id, document) }
        }
    }

    /// Where a deleted job's outcome may still stand.
    private static func accounts(ofDeleted id: JobID) -> [String] {
        [SpoolLayout.trashedToken(id), SpoolLayout.final(id), SpoolLayout.birth(id)]
    }

    /// Finishes a delete that had to leave the record to us. - Note: the caller holds the lock.
    func removeIfDeleted(_ id: JobID) throws(FileError) {
        guard try files.status(SpoolLayout.trashedToken(id)) != nil, try state(of: id) == nil else { return }
        try removeFilmLinks(ofDeleted: id)
        _ = try clearRecord(id)
    }

    /// Takes a deleted job's record away, as far as that is possible now. - Note: the caller holds the lock.
    ///
    /// - Returns: false when a run elsewhere still has to be ended.
    func clearRecord(_ id: JobID) throws(FileError) -> Bool {
        let names = try files.list(SpoolLayout.record(id)).map(\.name)
        for step in RecordRemoval.plan(try run(of: id), names: names) {
            switch step {
            case .disown(let run):
                // Before the wish: that the job is deleted must not be lost where its run's record says so.
                try sync([SpoolLayout.trash], always: true)
                try withBallast { () throws(FileError) in try write(run, of: id) }
            case .remove(let name): try removeTree("\(SpoolLayout.record(id))/\(name)")
            case .removeAll:
                try removeRecord(id)
                return true
            }
        }
        return false
    }

    /// Deleted jobs of which something is left: somebody holds it, or a run elsewhere is to be ended.
    public func deletedIDs() throws(FileError) -> [JobID] {
        try files.list(SpoolLayout.trash).compactMap { SpoolLayout.id(ofToken: $0.name) }
    }

    /// Removes a record without a token, by way of the trash; the id is free from then on.
    ///
    /// - Note: the caller holds the lock.
    func removeRecord(_ id: JobID) throws(FileError) {
        // What it has in object storage is noted before the last that tells of it goes.
        for path in Self.accounts(ofDeleted: id) {
            if let document = try document(at: path) { try noteStored(of: id, document) }
        }
        try withdrawAll(of: id)
        try removeTree(SpoolLayout.trashedRecord(id))
        try ignoringMissing { () throws(FileError) in
            try files.rename(SpoolLayout.record(id), SpoolLayout.trashedRecord(id), .noReplace)
        }
        try removeTree(SpoolLayout.trashedRecord(id))
        try removeTree(SpoolLayout.trashedToken(id))
    }

    /// Finishes deletes that have their token in the trash, also while others delete.
    ///
    /// - Returns: names of tokens whose record is still needed.
    public func finishHeldDeletes() throws(FileError) -> Set<String> {
        var kept: Set<String> = []
        for entry in try files.list(SpoolLayout.trash) {
            // Without a living token the record goes too; with one, the id was taken again meanwhile.
            guard let id = SpoolLayout.id(ofToken: entry.name), try state(of: id) == nil else { continue }
            if try !finishDelete(id) { kept.insert(entry.name) }
        }
        return kept
    }

    /// Finishes deletes that a crash interrupted, and clears the trash.
    public func finishDeletes() throws(FileError) {
        let kept = try finishHeldDeletes()
        for entry in try files.list(SpoolLayout.trash) where !kept.contains(entry.name) {
            try removeTree("\(SpoolLayout.trash)/\(entry.name)")
        }
    }
}
