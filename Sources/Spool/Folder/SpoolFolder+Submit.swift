import Glibc
public import JobCore

/// Accepting jobs from programs. After `submit` returns an id, that job survives a power cut (durable mode).
///
/// The steps (design, "Submit"): the record's folder is the unique constraint; lock; attachments; `job.json` written
/// and synced; its hard link into `queued/` commits; `queued/` synced; only then the answer. A crash before the link
/// leaves a record without a token, which was never answered for.
extension SpoolFolder {
    /// Submits several jobs as one group commit: their syncs run side by side, one sync of `queued/` serves all.
    ///
    /// - Returns: one answer for each, in order: the id, or why not.
    public func submit(_ submissions: [Submission]) -> [Result<JobID, Failure>] {
        var drafts = submissions.map { submission in
            Result<Draft, Failure> { () throws(Failure) in try draft(submission) }
        }
        defer { for case .success(let draft) in drafts { draft.lock?.release() } }

        let paths = drafts.map { draft in (try? draft.get())?.pathsToSync ?? [] }
        if durability == .full {
            var errors = files.sync(paths.flatMap { $0 })[...]
            for (index, paths) in paths.enumerated() {
                let own = errors.prefix(paths.count)
                errors = errors.dropFirst(paths.count)
                if case let error?? = own.first(where: { $0 != nil }) { fail(&drafts[index], error) }
            }
        }
        for index in drafts.indices {
            guard case .success(let draft) = drafts[index], draft.lock != nil else { continue }
            do {
                try files.link(SpoolLayout.birth(draft.id), SpoolLayout.token(draft.id, in: .queued))
            } catch {
                fail(&drafts[index], error)
            }
        }
        do {
            try sync([SpoolLayout.queued])
        } catch {
            for case .success(let draft) in drafts where draft.lock != nil { withdraw(draft) }
            return drafts.map { _ in .failure(error.failure) }
        }
        return drafts.map { $0.map(\.id) }
    }

    /// A record that is ready to be linked into `queued/`.
    private struct Draft {
        var id: JobID
        /// Nil when the same job had been submitted before.
        var lock: (any FileLock)?
        var pathsToSync: [String]
    }

    /// Takes a job back that may not survive a power cut. Nobody runs it yet: we hold its lock.
    private func withdraw(_ draft: Draft) {
        guard (try? files.remove(SpoolLayout.token(draft.id, in: .queued))) != nil else { return }
        try? removeTree(SpoolLayout.record(draft.id))
    }

    /// Nobody was promised anything yet: the record goes, so that the id is free for another try.
    private func fail(_ draft: inout Result<Draft, Failure>, _ error: FileError) {
        if case .success(let failed) = draft, failed.lock != nil { try? removeTree(SpoolLayout.record(failed.id)) }
        draft = .failure(error.failure)
    }

    private func draft(_ submission: Submission) throws(Failure) -> Draft {
        let request = try JobRequest(submission.document)
        let size = submission.document.bytes.count
        guard size <= JobDocument.maximumBytes else {
            throw Failure(.invalidJob, "The job has \(size) bytes, the limit is \(JobDocument.maximumBytes).")
        }
        for attachment in submission.attachments where !PlainName.isLegal(attachment.name) {
            throw Failure(.invalidJob, "\"\(attachment.name.prefix(200))\" is no file name for an attachment.")
        }
        let draft: Draft?
        do {
            draft = try reserved(submission, request)
        } catch {
            throw error.failure
        }
        guard let draft else {
            throw Failure(
                .invalidJob, "The id in job_id belongs to another job.",
                hint: "Choose another job_id, or leave it out to get a new one.")
        }
        return draft
    }

    /// Nil when the chosen id belongs to another job.
    private func reserved(_ submission: Submission, _ request: JobRequest) throws(FileError) -> Draft? {
        let (id, isNew) = try reserve(submission)
        if !isNew, try isSame(submission, as: id) { return Draft(id: id, lock: nil, pathsToSync: []) }
        guard let lock = try lockForSubmit(id, isNew: isNew) else {
            throw FileError(EWOULDBLOCK, "flock", SpoolLayout.beat(id))
        }
        let isOurs = if isNew { true } else { try isLeftOver(id) }
        guard isOurs else {
            lock.release()
            return nil
        }
        do throws(FileError) {
            if !isNew {
                try ignoringMissing { () throws(FileError) in try files.remove(SpoolLayout.birth(id)) }
                try removeTree(SpoolLayout.inputs(id))
            }
            return try filled(id, submission, request, lock)
        } catch {
            // Somebody found our new record without a job and took it over before we had its lock.
            if isNew, error.isTaken, [SpoolLayout.birth(id), SpoolLayout.inputs(id)].contains(error.path) {
                lock.release()
                return nil
            }
            try? removeTree(SpoolLayout.record(id))
            throw error
        }
    }

    /// The record's lock; a new record in which it cannot be made is left by nobody.
    private func lockForSubmit(_ id: JobID, isNew: Bool) throws(FileError) -> (any FileLock)? {
        do {
            return try files.lock(SpoolLayout.beat(id))
        } catch {
            if isNew { try? files.removeFolder(SpoolLayout.record(id)) }
            throw error
        }
    }

    private func filled(
        _ id: JobID, _ submission: Submission, _ request: JobRequest, _ lock: any FileLock
    ) throws(FileError) -> Draft {
        var paths: [String] = []
        if !submission.attachments.isEmpty {
            try files.makeFolder(SpoolLayout.inputs(id))
            for attachment in submission.attachments {
                let path = "\(SpoolLayout.inputs(id))/\(attachment.name)"
                try files.copy(fromOutside: attachment.source, path)
                paths.append(path)
            }
            paths += [SpoolLayout.inputs(id), SpoolLayout.record(id)]
        }
        var document = submission.document
        document.forgetOutcome()
        document[.jobID] = .string(id.text)
        document.createdAt = document.createdAt ?? now()
        document.rev = 1
        try files.create(SpoolLayout.birth(id), document.bytes)
        if let notBefore = request.notBefore, notBefore > now() {
            try files.setModified(SpoolLayout.birth(id), notBefore)
        }
        return Draft(id: id, lock: lock, pathsToSync: paths + [SpoolLayout.birth(id)])
    }

    /// Makes the record's folder. - Returns: false as second when a chosen id has a record already.
    private func reserve(_ submission: Submission) throws(FileError) -> (JobID, isNew: Bool) {
        switch submission.naming {
        case .exactly(let id):
            return (id, try makeRecord(id))
        case .preferably(let name):
            if let id = JobID(name), try makeRecord(id) { return (id, true) }
            return (try makeAnyRecord { JobID(resembling: name, random: random()) }, true)
        case .generated:
            return (try makeAnyRecord { JobID(generatedAt: now(), random: random()) }, true)
        }
    }

    private func makeAnyRecord(_ id: () -> JobID) throws(FileError) -> JobID {
        while true {
            let candidate = id()
            if try makeRecord(candidate) { return candidate }
        }
    }

    /// Makes a record's folder; false when there is one: the unique constraint of ids.
    func makeRecord(_ id: JobID) throws(FileError) -> Bool {
        for _ in 0..<2 {
            do {
                try files.makeFolder(SpoolLayout.record(id))
                return true
            } catch {
                if error.isTaken { return false }
                guard error.isMissing else { throw error }
                try ignoringTaken { () throws(FileError) in try files.makeFolder(SpoolLayout.shard(id)) }
            }
        }
        throw FileError(ENOENT, "mkdirat", SpoolLayout.record(id))
    }

    /// Whether the record is what a crashed submit left behind, which was never answered for: it may be taken over.
    private func isLeftOver(_ id: JobID) throws(FileError) -> Bool {
        guard try files.status(SpoolLayout.trashedToken(id)) == nil else { return false }
        return try isLeftBehind(id, except: nil)
    }

    /// Whether the record was born from the same wish: the client tries again after it lost our answer.
    private func isSame(_ submission: Submission, as id: JobID) throws(FileError) -> Bool {
        guard try state(of: id) != nil,
            let born = try document(at: SpoolLayout.birth(id))
        else { return false }
        return [JobDocument.Key.type, .params].allSatisfy { born[$0] == submission.document[$0] }
    }
}
