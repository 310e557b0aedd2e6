import Glibc
public import JobCore

/// Taking in what lies in `queued/`: files that people dropped, jobs that programs submitted, jobs that came back.
///
/// Every step may be taken by several processes at once, and after a crash between any two of them the next look at
/// the same name goes on where it stopped.
extension SpoolFolder {
    /// Looks at one name in `queued/`.
    ///
    /// - Parameter isClosed: its writer was seen closing it, or it was moved in.
    public func admit(_ name: String, isClosed: Bool, policy: Policy) throws(FileError) -> Admission {
        let dropName = DropName(name)
        guard dropName != .ignored else { return .nothing }
        let path = "\(SpoolLayout.queued)/\(name)"
        guard case .job(let stem) = dropName else { return try refuseName(path, policy) }
        let knownID = SpoolLayout.id(ofToken: name)
        // What was taken in before may have grown since.
        let birth = if let knownID { try files.status(SpoolLayout.birth(knownID)) } else { FileStatus?.none }
        let limit = birth != nil ? JobDocument.maximumRewrittenBytes : JobDocument.maximumBytes
        guard let (contents, status) = try look(at: path, limit: limit) else { return .nothing }
        let isOurs = if let knownID, let birth { try self.isOurs(knownID, birth, status) } else { false }
        let sighting = DropVerdict.Sighting(age: age(of: status), isClosed: isClosed || isOurs)
        switch DropVerdict(contents, sighting, policy: policy) {
        case .wait(let time): return .wait(time)
        case .setAside(let reason):
            try setAside(path, because: reason)
            if isOurs, let knownID { try restoreFromBirth(knownID) }
            return .setAside(reason)
        case .take(let document):
            let request = Result { () throws(Failure) in try JobRequest(document) }
            let settled = try isOurs ? knownID : settleName(path, stem: stem, knownID: knownID, request, status)
            guard let id = settled else { return .nothing }
            return try admitted(id, document, request, status, isNew: !isOurs)
        }
    }

    /// Brings admitted job files to the disk (durable mode), side by side, unless they ended or went away meanwhile.
    public func settle(_ ids: [JobID]) throws(FileError) {
        guard durability == .full else { return }
        var births: [String] = []
        for id in ids {
            let state = try state(of: id)
            if state == .queued || state == .running { births.append(SpoolLayout.birth(id)) }
        }
        guard !births.isEmpty else { return }
        for case let error? in files.sync(births + [SpoolLayout.queued]) where !error.isMissing { throw error }
    }

    private func admitted(
        _ id: JobID, _ document: JobDocument, _ request: Result<JobRequest, Failure>, _ status: FileStatus, isNew: Bool
    ) throws(FileError) -> Admission {
        switch request {
        case .failure(let failure):
            return try refuse(id, document, failure) ? .refused(id, failure) : .nothing
        case .success(let request):
            let modified = Timestamp(milliseconds: status.modified / 1_000_000)
            var notBefore = modified > now() ? modified : nil
            if let wished = request.notBefore, wished > now(), modified < wished, document.attempt == 0,
                isNew || notBefore == nil
            {
                // Scheduling has one form on disk, the modification time, so that `touch` can change it. A moment that
                // the file system had to cut short, or that somebody moved, is not set again and again.
                try ignoringMissing { () throws(FileError) in
                    try files.setModified(SpoolLayout.token(id, in: .queued), wished)
                }
                notBefore = wished
            }
            return .ready(
                QueuedJob(
                    id: id, request: request, createdAt: Self.createdAt(document, status), notBefore: notBefore,
                    isNew: isNew))
        }
    }

    /// When a job came into being: as written, else by the file's own times.
    static func createdAt(_ document: JobDocument, _ status: FileStatus) -> Timestamp {
        document.createdAt ?? Timestamp(milliseconds: min(status.modified, status.changed) / 1_000_000)
    }

    /// How long ago the kernel last saw a file change.
    func age(of status: FileStatus) -> Duration {
        .milliseconds(now().milliseconds - status.changed / 1_000_000)
    }

    /// The bytes, or why there are none; nil when nothing is there.
    func look(
        at path: String, limit: Int = JobDocument.maximumBytes
    ) throws(FileError) -> (Result<[UInt8], DropVerdict.NotReadable>, FileStatus)? {
        guard let status = try files.status(path) else { return nil }
        switch status.kind {
        case .folder: return (.failure(.folder), status)
        case .symbolicLink: return (.failure(.symbolicLink), status)
        case .other: return (.failure(.special), status)
        case .file: break
        }
        do {
            guard let contents = try files.read(path, limit: limit) else { return nil }
            return (.success(contents.bytes), contents.status)
        } catch {
            if error.errno == EFBIG { return (.failure(.tooLarge), status) }
            if error.errno == EACCES || error.errno == EPERM { return (.failure(.notAllowed), status) }
            if error.isNoJobFile { return (.failure(.special), status) }
            throw error
        }
    }

    /// Something that by its name can never become a job, once its writer must be done with it.
    private func refuseName(_ path: String, _ policy: Policy) throws(FileError) -> Admission {
        guard let status = try files.status(path) else { return .nothing }
        let age = age(of: status)
        guard age >= policy.tornFileAge || age < .zero else { return .wait(policy.tornFileAge - age) }
        let reason = "only .json files are jobs; pictures and sounds belong in inbox/, beside their job file"
        try setAside(path, because: reason)
        return .setAside(reason)
    }

    /// Whether `queued/<id>.json` is the job's own token: it has a record, and no other folder has a token of it.
    private func isOurs(_ id: JobID, _ birth: FileStatus, _ status: FileStatus) throws(FileError) -> Bool {
        if birth.inode == status.inode, birth.device == status.device { return true }
        for state in [JobState.running, .done, .failed, .canceled]
        where try files.status(SpoolLayout.token(id, in: state)) != nil { return false }
        return try recordedPlace(of: id) == nil
    }

    /// Gives the file its record, and first its final name where the present one is taken or no id.
    ///
    /// - Returns: nil when the file was moved meanwhile, or somebody else is taking it in.
    private func settleName(
        _ path: String, stem: String, knownID: JobID?, _ request: Result<JobRequest, Failure>, _ status: FileStatus
    ) throws(FileError) -> JobID? {
        let chosen = (try? request.get())?.chosenID
        let wishes = [chosen, knownID].compactMap { $0 }
        for attempt in 0..<wishes.count + 8 {
            let id =
                attempt < wishes.count
                ? wishes[attempt] : JobID(resembling: chosen?.text ?? stem, random: random())
            guard let isAdopted = try adopt(path, as: id, status) else { return nil }
            if isAdopted { return id }
        }
        return nil
    }

    /// One attempt to make the file the token of this id; false when the id is taken, nil when the file is gone or
    /// somebody else is taking it in under this very name.
    private func adopt(_ path: String, as id: JobID, _ status: FileStatus) throws(FileError) -> Bool? {
        let token = SpoolLayout.token(id, in: .queued)
        let isNew = try makeRecord(id)
        if !isNew {
            // A record without any token and without a life: somebody crashed while taking in this very name.
            guard try isLeftBehind(id, except: path == token ? .queued : nil) else { return false }
        }
        return try holding(id) { () throws(FileError) -> Bool? in
            try adopt(path, as: id, status, isNew: isNew)
        } ?? (path == token ? nil : false)
    }

    /// The same once the record and its lock are ours.
    private func adopt(
        _ path: String, as id: JobID, _ status: FileStatus, isNew: Bool
    ) throws(FileError) -> Bool? {
        let token = SpoolLayout.token(id, in: .queued)
        if path != token {
            do {
                try files.rename(path, token, .noReplace)
            } catch {
                if error.isTaken { return false }
                guard error.isMissing else { throw error }
                if isNew { try removeTree(SpoolLayout.record(id)) }
                return nil
            }
        }
        if let birth = try files.status(SpoolLayout.birth(id)), birth.inode != status.inode {
            try files.remove(SpoolLayout.birth(id))
        }
        do {
            try ignoringTaken { () throws(FileError) in try linkBirth(id, token) }
        } catch {
            // Moved away meanwhile, for example canceled by hand.
            if error.isMissing { return nil }
            throw error
        }
        return true
    }

    /// The record's own name for the file; a copy where the kernel forbids links to other people's files (proc(5),
    /// protected_hardlinks).
    private func linkBirth(_ id: JobID, _ token: String) throws(FileError) {
        do {
            try files.link(token, SpoolLayout.birth(id))
        } catch {
            guard error.errno == EPERM else { throw error }
            guard let bytes = try bytes(at: token) else { return }
            try files.create(SpoolLayout.birth(id), bytes)
        }
    }

    /// No token in any folder (but perhaps one), and no trace of an attempt or an ending.
    func isUnused(_ id: JobID, except: JobState?) throws(FileError) -> Bool {
        for state in JobState.allCases where state != except {
            guard try files.status(SpoolLayout.token(id, in: state)) == nil else { return false }
        }
        for path in [SpoolLayout.run(id), SpoolLayout.final(id), SpoolLayout.cancelWish(id)]
        where try files.status(path) != nil { return false }
        return true
    }

    /// The same for a record that others made: also no token in any day folder, where a person may have put one of
    /// which the record does not tell.
    func isLeftBehind(_ id: JobID, except: JobState?) throws(FileError) -> Bool {
        guard try isUnused(id, except: except) else { return false }
        return try searchedPlace(of: id) == nil
    }

    /// A bad edit of a queued job was set aside: the job itself goes on as it was accepted.
    private func restoreFromBirth(_ id: JobID) throws(FileError) {
        guard let birth = try bytes(at: SpoolLayout.birth(id)), (try? JobDocument(reading: birth)) != nil else {
            return
        }
        let temporary = SpoolLayout.temporary(id, nonce: nonce())
        try create(temporary, birth)
        defer { try? files.remove(temporary) }
        try ignoringTaken { () throws(FileError) in
            try files.rename(temporary, SpoolLayout.token(id, in: .queued), .noReplace)
        }
    }

    /// Fails a queued job that cannot be run here; false when it is not queued any more, or somebody is busy with it.
    public func refuse(_ id: JobID, _ failure: Failure) throws(FileError) -> Bool {
        guard let document = try document(id, in: .queued) else { return false }
        return try refuse(id, document, failure)
    }

    /// Moves a job that asks for the impossible from `queued/` to `failed/`; false when somebody moved it meanwhile.
    private func refuse(_ id: JobID, _ document: JobDocument, _ failure: Failure) throws(FileError) -> Bool {
        try holding(id) { () throws(FileError) in try fail(id, in: .queued, document, failure) } ?? false
    }
}
