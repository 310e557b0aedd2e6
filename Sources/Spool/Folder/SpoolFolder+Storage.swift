public import JobCore

/// What the spool knows of object storage: a file in `storage/` for each publication that is under way, in doubt or to
/// be removed. What becomes of it, `StoragePlan` decides.
///
/// Record, commit, sweep: the entry is on the disk before the first object is; the job's own rename into `done/`
/// commits; then the entry goes, or is marked unwanted by one rename and its objects go.
///
/// Invariants:
/// 1. An object that may exist is named by an entry, or by the file of a done job, at every moment.
/// 2. Entries are on the disk in every mode: nothing else knows of the objects.
/// 3. Decisions are made under the job's lock, on what a power cut cannot take back.
extension SpoolFolder {
    /// All entries, or those of one job, in the order of their names; what else lies in the folder is left alone.
    public func storageEntries(of id: JobID? = nil) throws(FileError) -> [StorageEntry] {
        var entries: [StorageEntry] = []
        for item in try files.list(SpoolLayout.storage).sorted(by: { $0.name < $1.name }) where !item.isFolder {
            guard let named = StorageEntry(fileName: item.name, bytes: []), id == nil || named.job == id else {
                continue
            }
            let bytes = try bytes(at: SpoolLayout.storageEntry(named), limit: 64 * 1024) ?? []
            if let entry = StorageEntry(fileName: item.name, bytes: bytes) { entries.append(entry) }
        }
        return entries
    }

    /// The entry under which an attempt stores its artifacts: the one that an earlier owner of the attempt began, or
    /// a new one. It is on the disk when this returns.
    ///
    /// - Parameter place: where they go, nil while that is not known; an earlier owner's choice stays.
    public func beginStorage(
        of job: ClaimedJob, at place: StoragePlace?
    ) throws(FileError) -> (entry: StorageEntry, isNew: Bool) {
        let known = try storageEntries(of: job.id).first { $0.folder.attempt == job.attempt && !$0.isUnwanted }
        if let known {
            // Whoever made it may have died before it was on the disk.
            try sync([SpoolLayout.storageEntry(known), SpoolLayout.storage], always: true)
            return (known, false)
        }
        let entry = StorageEntry(StorageFolder(newFor: job.id, attempt: job.attempt), at: place)
        try withBallast { () throws(FileError) in try note(entry) }
        return (entry, true)
    }

    /// Says where the objects of an entry go from now on, before the first of them does.
    public func setPlace(_ place: StoragePlace, of entry: StorageEntry) throws(FileError) -> StorageEntry {
        var placed = entry
        placed.place = place
        let temporary = SpoolLayout.temporary(entry.job, nonce: nonce())
        try create(temporary, placed.bytes)
        do {
            try sync([temporary], always: true)
            try files.rename(temporary, SpoolLayout.storageEntry(entry), .replace)
        } catch {
            try? files.remove(temporary)
            throw error
        }
        try sync([SpoolLayout.storage], always: true)
        return placed
    }

    /// One that is there already may have been made by somebody who died before it was on the disk.
    private func note(_ entry: StorageEntry) throws(FileError) {
        let path = SpoolLayout.storageEntry(entry)
        try ignoringTaken { () throws(FileError) in try create(path, entry.bytes) }
        try sync([path, SpoolLayout.storage], always: true)
    }

    /// Makes sure that what a job file tells of object storage is known when the file tells it no more.
    func noteStored(of id: JobID, _ document: JobDocument) throws(FileError) {
        guard let publication = try publication(of: id, document) else { return }
        let entry = StorageEntry(publication.folder, at: publication.place)
        var unwanted = entry
        unwanted.isUnwanted = true
        // Decided already: another mark would bring it back.
        guard try files.status(SpoolLayout.storageEntry(unwanted)) == nil else { return }
        try note(entry)
    }

    /// A job is deleted: what it has in object storage is wanted by nobody, also not by a later job of this id.
    ///
    /// - Note: the caller holds the lock.
    func withdrawAll(of id: JobID) throws(FileError) {
        let entries = try storageEntries(of: id).filter { !$0.isUnwanted }
        for entry in entries { _ = try withdraw(entry) }
    }

    private func withdraw(_ entry: StorageEntry) throws(FileError) -> StorageEntry {
        var unwanted = entry
        unwanted.isUnwanted = true
        try ignoringMissing { () throws(FileError) in
            try files.rename(SpoolLayout.storageEntry(entry), SpoolLayout.storageEntry(unwanted), .replace)
        }
        try sync([SpoolLayout.storage], always: true)
        return unwanted
    }

    /// What a job has in object storage: as its file says, or as came true since.
    func publication(of id: JobID, _ document: JobDocument) throws(FileError) -> Publication? {
        guard let told = document.publication(of: id), !told.isPublished else { return document.publication(of: id) }
        guard let bytes = try bytes(at: SpoolLayout.published(id), limit: 64 * 1024),
            let value = try? JSONReader.read(bytes), let later = Publication(json: value, of: id),
            later.folder == told.folder
        else { return told }
        return later
    }

    /// What is to be done for an entry now.
    public enum StorageWork: Sendable, Equatable {
        /// Nothing yet.
        case wait
        /// Nothing any more: the job file tells all.
        case settled
        /// Store these files of the spool, then `notePublished`.
        case publish(StorageEntry, files: [StoredFile])
        /// Remove all objects, then `removeStorage`.
        case remove(StorageEntry)
    }

    /// A file that is to be stored.
    public struct StoredFile: Sendable, Equatable {
        /// Its name, which is the last part of its key.
        public let name: String
        /// Absolute path.
        public let path: String
        /// The artifact's, nil for a picture beside it.
        public let sha256: String?
    }

    /// Looks at an entry and decides; a decision that is final is on the disk when this returns.
    public func storageWork(for entry: StorageEntry) throws(FileError) -> StorageWork {
        guard !entry.isUnwanted else { return .remove(entry) }
        guard try files.status(SpoolLayout.storageEntry(entry)) != nil else { return .settled }
        return try withBallast { () throws(FileError) in try decided(entry) }
    }

    private func decided(_ entry: StorageEntry) throws(FileError) -> StorageWork {
        let id = entry.job
        guard try files.status(SpoolLayout.beat(id)) != nil else {
            // Nobody can hold what is not there; a job that has just come under this id is another one.
            let hasRecord = try files.status(SpoolLayout.record(id)) != nil
            let evidence = StorageEvidence(token: try token(of: id)?.token, hasRecord: hasRecord)
            return hasRecord ? .wait : try carryOut(StoragePlan.step(for: entry.folder, evidence), entry, nil)
        }
        return try holding(id) { () throws(FileError) in
            let found = try token(of: id)
            let isDeleted = try files.status(SpoolLayout.trashedToken(id)) != nil
            let step = StoragePlan.step(
                for: entry.folder, StorageEvidence(token: found?.token, isDeleted: isDeleted))
            return try carryOut(step, entry, found)
        } ?? .wait
    }

    private struct FoundToken {
        let place: JobPlace
        let document: JobDocument
        let token: StorageEvidence.Token
    }

    private func token(of id: JobID) throws(FileError) -> FoundToken? {
        guard let place = try place(of: id) else { return nil }
        // A torn or moving token decides nothing: it counts as running.
        guard let document = try document(id, at: place) else {
            return FoundToken(place: place, document: JobDocument([:]), token: .init(.running, attempt: 0))
        }
        let own = try publication(of: id, document)
        let final = own == nil ? try self.document(at: SpoolLayout.final(id)) : nil
        let told = if let final { try publication(of: id, final) } else { own }
        let token = StorageEvidence.Token(
            place.state, attempt: document.attempt, outcome: document.outcome, publication: told)
        return FoundToken(place: place, document: document, token: token)
    }

    private func carryOut(
        _ step: StoragePlan.Step, _ entry: StorageEntry, _ found: FoundToken?
    ) throws(FileError) -> StorageWork {
        switch step {
        case .wait: return .wait
        case .publish:
            guard let found else { return .wait }
            return .publish(entry, files: storedFiles(found.document.artifacts, of: entry.job, entry.folder.attempt))
        case .forget:
            // What tells of the objects from now on must be on the disk before the entry goes.
            if let found {
                let (token, folder) = (
                    SpoolLayout.token(entry.job, at: found.place), SpoolLayout.folder(of: found.place)
                )
                try sync([token, folder, SpoolLayout.record(entry.job)], always: true)
            }
            try removeStorage(entry)
            // A cancel needs no lock: one that came in between has trusted in the entry.
            if let now = try token(of: entry.job)?.token,
                StoragePlan.step(for: entry.folder, StorageEvidence(token: now)) == .forget
            {
                return .settled
            }
            try note(entry)
            return .wait
        case .withdraw:
            // No power cut may bring back a state in which they are wanted.
            if let found {
                try sync([SpoolLayout.folder(of: found.place), SpoolLayout.record(entry.job)], always: true)
            }
            return .remove(try withdraw(entry))
        }
    }

    /// The files of artifacts, each once.
    public func storedFiles(_ artifacts: [Artifact], of id: JobID, _ attempt: Int) -> [StoredFile] {
        let scratch = SpoolLayout.scratch(id, attempt: attempt)
        var names: Set<String> = []
        return artifacts.flatMap { artifact in
            artifact.fileNames.filter { names.insert($0).inserted }.map { name in
                StoredFile(
                    name: name, path: absolute("\(scratch)/\(name)"),
                    sha256: name == artifact.name && !artifact.sha256.isEmpty ? artifact.sha256 : nil)
            }
        }
    }

    /// Brings files of an attempt to the disk, as its ending does, before they go anywhere else.
    public func keep(_ names: [String], of job: ClaimedJob) throws(FileError) {
        let scratch = SpoolLayout.scratch(job.id, attempt: job.attempt)
        try sync(names.map { "\(scratch)/\($0)" } + [scratch])
    }

    /// All objects of a done job are stored: says so beside it, durable in every mode.
    ///
    /// - Returns: false when the job does not want them any more; `storageWork` tells what follows.
    public func notePublished(_ entry: StorageEntry) throws(FileError) -> Bool {
        let id = entry.job
        guard let place = entry.place, try files.status(SpoolLayout.beat(id)) != nil else { return false }
        return try holding(id) { () throws(FileError) in
            guard let found = try token(of: id), found.token.state == .done, found.token.outcome == .done,
                found.token.publication?.folder == entry.folder
            else { return false }
            let note = Publication(entry.folder, at: place, isPublished: true)
            try withBallast { () throws(FileError) in
                let temporary = SpoolLayout.temporary(id, nonce: nonce())
                try create(temporary, JSONWriter.pretty(note.json))
                try sync([temporary], always: true)
                try files.rename(temporary, SpoolLayout.published(id), .replace)
                try sync([SpoolLayout.record(id)], always: true)
            }
            return true
        } ?? false
    }

    /// Nothing of an entry is left anywhere.
    public func removeStorage(_ entry: StorageEntry) throws(FileError) {
        try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.storageEntry(entry)) }
    }
}
