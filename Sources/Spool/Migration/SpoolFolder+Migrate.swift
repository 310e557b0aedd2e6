import Glibc
public import JobCore

/// Bringing jobs of the predecessor into the spool, in batches: records and copies first, all synced side by side; the
/// links that make them jobs then; one sync for each folder of these.
///
/// Invariants:
/// 1. A job that is there already is left alone: the same row again changes nothing.
/// 2. Who is killed leaves whole jobs, and records without a token that the next run of the migration takes over.
/// 3. A copied file has the bytes of its source, read back from this disk.
extension SpoolFolder {
    /// What came of one job.
    public enum MigrationResult: Sendable, Equatable {
        /// It is in the spool now. - `warnings`: files that are missing.
        case taken(warnings: [String])
        /// It was there already.
        case present
        /// Another job has its id.
        case foreign
        case failed(FileError)
    }

    /// Whether a job is in the spool already, deleted just now included.
    public func isPresent(_ job: MigratedJob) throws(FileError) -> Bool {
        if try place(of: job.id) != nil { return true }
        return try files.status(SpoolLayout.trashedToken(job.id)) != nil
    }

    /// Writes jobs. - Returns: one answer for each, in order.
    public func migrate(_ jobs: [MigratedJob]) -> [MigrationResult] {
        var drafts: [MigrationDraft?] = []
        var results: [MigrationResult] = []
        defer { for draft in drafts { draft?.lock.release() } }
        for job in jobs {
            do throws(FileError) {
                let begun = try begin(job)
                drafts.append(begun.draft)
                results.append(begun.result)
            } catch {
                drafts.append(nil)
                results.append(.failed(error))
            }
        }
        var errors = files.sync(drafts.flatMap { $0?.paths ?? [] })[...]
        var folders: Set<String> = []
        for (index, draft) in drafts.enumerated() {
            guard let draft else { continue }
            let own = errors.prefix(draft.paths.count)
            errors = errors.dropFirst(draft.paths.count)
            do throws(FileError) {
                for case let error? in own { throw error }
                try commit(draft)
                folders.insert(SpoolLayout.folder(of: draft.place))
            } catch {
                results[index] = .failed(error)
                drafts[index] = nil
                try? removeTree(SpoolLayout.record(draft.id))
                draft.lock.release()
            }
        }
        do {
            try sync(folders.sorted(), always: true)
        } catch {
            // The jobs are there; whether they survive a power cut is in doubt, and the next run finds out.
            for (index, draft) in drafts.enumerated() where draft != nil { results[index] = .failed(error) }
        }
        return results
    }

    /// A record that is ready to become a job.
    private struct MigrationDraft {
        let id: JobID
        let place: JobPlace
        /// The file in the record that becomes the token.
        let source: String
        let document: JobDocument
        let lock: any FileLock
        /// What must reach the disk before.
        let paths: [String]
    }

    private func begin(_ job: MigratedJob) throws(FileError) -> (draft: MigrationDraft?, result: MigrationResult) {
        guard try !isPresent(job) else { return (nil, .present) }
        let isNew = try makeRecord(job.id)
        guard let lock = try files.lock(SpoolLayout.beat(job.id)) else {
            return (nil, .failed(FileError(EWOULDBLOCK, "flock", SpoolLayout.beat(job.id))))
        }
        var isKept = false
        defer { if !isKept { lock.release() } }
        if !isNew {
            guard try isLeftOver(of: job) else { return (nil, try isPresent(job) ? .present : .foreign) }
            for entry in try files.list(SpoolLayout.record(job.id)) where entry.name != "beat" {
                try removeTree("\(SpoolLayout.record(job.id))/\(entry.name)")
            }
        }
        do throws(FileError) {
            let (draft, warnings) = try fill(job, lock)
            isKept = true
            return (draft, .taken(warnings: warnings))
        } catch {
            try? removeTree(SpoolLayout.record(job.id))
            throw error
        }
    }

    /// Whether a record without a token is what a migration, or a submit, left that was killed.
    private func isLeftOver(of job: MigratedJob) throws(FileError) -> Bool {
        guard try place(of: job.id) == nil else { return false }
        guard let born = try document(at: SpoolLayout.birth(job.id)) else {
            return try document(at: SpoolLayout.final(job.id)) == nil
        }
        return born[.migratedFrom] == job.document[.migratedFrom]
    }

    private func fill(
        _ job: MigratedJob, _ lock: any FileLock
    ) throws(FileError) -> (draft: MigrationDraft, warnings: [String]) {
        let id = job.id
        var document = job.document
        var born = document
        born.forgetOutcome()
        born.attempt = 0
        born.startedAt = nil
        born.rev = 1
        try create(SpoolLayout.birth(id), born.bytes)
        var paths = [SpoolLayout.birth(id)]
        let (artifacts, missing) = try copyOutputs(job, &paths)
        if job.state == .done {
            document.artifacts = artifacts
            document.warnings = missing
            let scratch = SpoolLayout.scratch(id, attempt: document.attempt)
            document[.outputURLs] = .array(artifacts.map { .string("\(scratch)/\($0.name)") })
        }
        if document.attempt > 0 {
            try create(SpoolLayout.run(id), run(of: job).bytes)
            paths.append(SpoolLayout.run(id))
        }
        let place = place(for: document, job.state)
        var source = SpoolLayout.birth(id)
        switch job.state {
        case .queued: break
        case .running:
            source = SpoolLayout.temporary(id, nonce: nonce())
            try create(source, document.bytes)
            paths.append(source)
        case .done, .failed, .canceled:
            source = SpoolLayout.final(id)
            try create(source, document.bytes)
            if let finishedAt = document.finishedAt { try files.setModified(source, finishedAt) }
            paths.append(source)
        }
        paths.append(SpoolLayout.record(id))
        return (
            MigrationDraft(
                id: id, place: place, source: source, document: document, lock: lock, paths: paths), missing
        )
    }

    /// Jobs that ended long ago go where they would soon be sent: their files keep the day.
    private func place(for document: JobDocument, _ state: JobState) -> JobPlace {
        let limit = now().advanced(byMilliseconds: -ArchiveRule().age.milliseconds)
        guard let finishedAt = document.finishedAt, finishedAt < limit else { return JobPlace(state) }
        return JobPlace(state, on: document.dayOfRest(in: state))
    }

    private func run(of job: MigratedJob) -> RunRecord {
        let nobody = RunRecord.Owner(host: "", bootID: "", pid: 0, startTicks: 0)
        var run = RunRecord(
            rev: job.document.rev, attempt: job.document.attempt, failures: 0, crashes: 0, nonce: nonce(),
            startedAt: job.document.startedAt ?? now(), owner: nobody)
        run.remote = job.remote
        return run
    }

    /// Copies what the job had made into the folder of its attempt.
    ///
    /// - Parameter paths: gets what must reach the disk.
    /// - Returns: the artifacts, and a sentence for each file that is not there.
    private func copyOutputs(
        _ job: MigratedJob, _ paths: inout [String]
    ) throws(FileError) -> (artifacts: [Artifact], missing: [String]) {
        let scratch = SpoolLayout.scratch(job.id, attempt: job.document.attempt)
        var (artifacts, missing): ([Artifact], [String]) = ([], [])
        for case .file(let source, let name) in job.outputs {
            if artifacts.isEmpty {
                try ignoringTaken { () throws(FileError) in try files.makeFolder(scratch) }
            }
            let path = "\(scratch)/\(name)"
            do throws(FileError) {
                try files.copy(fromOutside: source, path)
                let digest = try files.digest(path)
                guard try digest == files.digest(ofOutside: source) else { throw FileError(EIO, "copy", source) }
                artifacts.append(
                    Artifact(name: name, kind: OldOutput.kind(of: name), bytes: digest.bytes, sha256: digest.sha256))
                paths.append(path)
            } catch {
                try? files.remove(path)
                // It is gone, or no file. Anything else may pass: then the job comes with the next run, and whole.
                guard [ENOENT, ENOTDIR, ELOOP, EINVAL].contains(error.errno) else { throw error }
                missing.append("The predecessor's file \(source) could not be copied: \(error).")
            }
        }
        if artifacts.isEmpty { try removeIfEmpty(scratch) } else { paths.append(scratch) }
        return (artifacts, missing)
    }

    /// The link, or for a running job the rename, that makes a record a job.
    private func commit(_ draft: MigrationDraft) throws(FileError) {
        let token = SpoolLayout.token(draft.id, at: draft.place)
        if draft.place.day != nil {
            try ignoringTaken { () throws(FileError) in try files.makeFolder(SpoolLayout.folder(of: draft.place)) }
        }
        if draft.place.state == .running {
            try files.rename(draft.source, token, .noReplace)
        } else {
            try files.link(draft.source, token)
        }
        if draft.place.state == .done { try? makeFilmLinks(draft.id, draft.document) }
    }
}
