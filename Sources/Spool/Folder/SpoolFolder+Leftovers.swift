public import JobCore

/// Finding what no job owns, and jobs of which something is missing; taking the first away.
///
/// Invariants:
/// 1. What is younger than `leftoverAge` is no leftover: somebody may just be making it.
/// 2. A record is judged and removed under its lock, and without a token in any folder.
/// 3. In a copy that no daemon has looked at nothing is a leftover: its tokens may lie in the record alone.
extension SpoolFolder {
    /// What is younger may still be in the making.
    public static let leftoverAge = Duration.seconds(3600)

    /// Everything that no job owns, in the order of the folders.
    ///
    /// - Throws: `config_error` for a copy that no daemon has looked at yet.
    public func leftovers() throws(Failure) -> [Leftover] {
        do {
            try refuseCopy()
            return try recordLeftovers() + temporaryLeftovers() + uploadLeftovers() + linkLeftovers()
                + objectLeftovers() + stagingLeftovers()
        } catch let error as FileError {
            throw error.failure
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.internalError, "The spool could not be looked through: \(error).")
        }
    }

    /// The whole of a cleanup, by age and of leftovers: its plan, and what came of it where it was carried out.
    ///
    /// - Parameters:
    ///   - rule: nil: leftovers alone.
    ///   - isDeletingLost: also records that have lost their job files.
    ///   - onJob: told of each job that went.
    /// - Throws: `config_error` for a copy that no daemon has looked at yet; what the disk says.
    public func cleanUp(
        _ rule: CleanupRule?, isExecuting: Bool, isDeletingLost: Bool = false, onJob: (JobID) -> Void = { _ in }
    ) throws(Failure) -> (plan: CleanupPlan, report: CleanupReport?) {
        let leftovers = try leftovers()
        do throws(FileError) {
            var plan = CleanupPlan(nil)
            if let rule { plan = try cleanupPlan(rule) }
            plan.leftovers = leftovers
            guard isExecuting else { return (plan, nil) }
            var report = try execute(plan, onJob: onJob)
            remove(leftovers, isDeletingLost: isDeletingLost, into: &report)
            return (plan, report)
        } catch {
            throw error.failure
        }
    }

    /// Takes away the leftovers of a plan that may go.
    ///
    /// - Parameter isDeletingLost: also records that have lost their job files.
    public func remove(_ leftovers: [Leftover], isDeletingLost: Bool = false, into report: inout CleanupReport) {
        for leftover in leftovers where leftover.isRemovable || (isDeletingLost && leftover.kind == .lost) {
            do throws(FileError) {
                if try remove(leftover) { report.deletedLeftovers += 1 } else { report.skipped += 1 }
            } catch {
                report.noteFailure("\(leftover.path): \(error)")
            }
        }
    }

    private func refuseCopy() throws {
        guard try isUnconfirmedCopy() else { return }
        throw Failure(
            .configError, "The spool \(root) is a copy that no daemon has looked at yet.",
            hint: "Start it once: kinospool serve --paused. Then clean up.")
    }

    // MARK: - Finding

    private func isOld(_ status: FileStatus) -> Bool {
        max(status.changed, status.modified) / 1_000_000 < now().milliseconds - Self.leftoverAge.milliseconds
    }

    private func recordLeftovers() throws(FileError) -> [Leftover] {
        var found: [Leftover] = []
        let places = try places()
        for shard in try files.folders(in: SpoolLayout.work).sorted() {
            for id in try files.folders(in: "\(SpoolLayout.work)/\(shard)").compactMap({ JobID($0) }).sorted()
            where SpoolLayout.record(id) == "\(SpoolLayout.work)/\(shard)/\(id)" {
                if let place = places[id]?.first {
                    found += try leftovers(of: id, at: place)
                } else if let leftover = try ownerless(id) {
                    found.append(leftover)
                }
            }
        }
        return found
    }

    /// What is wrong with the record of a job that has ended.
    private func leftovers(of id: JobID, at place: JobPlace) throws(FileError) -> [Leftover] {
        guard place.state.isFinal, let document = try document(id, at: place), document.outcome == place.state else {
            return []
        }
        var found: [Leftover] = []
        let wanted = place.state == .done ? document.attempt : 0
        for name in try files.folders(in: SpoolLayout.record(id)).sorted() {
            guard let attempt = SpoolLayout.attempt(ofScratch: name), attempt != wanted else { continue }
            let path = SpoolLayout.scratch(id, attempt: attempt)
            guard let status = try files.status(path), isOld(status) else { continue }
            found.append(Leftover(.scratch, path, job: id, size: try size(of: path)))
        }
        for artifact in place.state == .done ? document.artifacts : [] {
            let path = "\(SpoolLayout.scratch(id, attempt: document.attempt))/\(artifact.name)"
            guard try files.status(path)?.size != artifact.bytes else { continue }
            found.append(Leftover(.damaged, path, job: id))
            break
        }
        return found
    }

    /// A record whose job has no token; nil when it is in use, or young.
    private func ownerless(_ id: JobID) throws(FileError) -> Leftover? {
        let record = SpoolLayout.record(id)
        guard let status = try files.status(record), isOld(status) else { return nil }
        guard try files.status(SpoolLayout.trashedToken(id)) == nil, try state(of: id) == nil else { return nil }
        let names = Set(try files.list(record).map(\.name))
        let (born, ended) = (try document(at: SpoolLayout.birth(id)), try document(at: SpoolLayout.final(id)))
        let isBorn = born != nil || ended != nil
        let kind: Leftover.Kind = names.subtracting(["beat"]).isEmpty ? .heartbeat : isBorn ? .lost : .submit
        return Leftover(kind, record, job: id, size: try size(of: record))
    }

    private func temporaryLeftovers() throws(FileError) -> [Leftover] {
        var found: [Leftover] = []
        for path in try old(in: SpoolLayout.temporary) {
            found.append(Leftover(.temporary, path, size: try size(of: path)))
        }
        return found
    }

    private func uploadLeftovers() throws(FileError) -> [Leftover] {
        var found: [Leftover] = []
        for path in try old(in: SpoolLayout.uploads) {
            guard let status = try files.status(path), isExpiredUpload(status) else { continue }
            found.append(Leftover(.upload, path, size: TreeSize(files: 1, bytes: status.size)))
        }
        return found
    }

    private func old(in folder: String) throws(FileError) -> [String] {
        var paths: [String] = []
        for entry in try files.list(folder).sorted(by: { $0.name < $1.name }) {
            let path = "\(folder)/\(entry.name)"
            if let status = try files.status(path), isOld(status) { paths.append(path) }
        }
        return paths
    }

    private func linkLeftovers() throws(FileError) -> [Leftover] {
        var found: [Leftover] = []
        for entry in try files.list(SpoolLayout.films).sorted(by: { $0.name < $1.name }) {
            let path = "\(SpoolLayout.films)/\(entry.name)"
            // Only what we make: into a record. A link that a person put there leads wherever they like.
            guard let target = try files.linkTarget(path), target.hasPrefix("../\(SpoolLayout.work)/"),
                try files.status(String(target.dropFirst(3))) == nil
            else { continue }
            found.append(Leftover(.link, path, size: TreeSize(files: 1)))
        }
        return found
    }

    private func objectLeftovers() throws(FileError) -> [Leftover] {
        try storageEntries().filter(\.isUnwanted).map { Leftover(.object, SpoolLayout.storageEntry($0), job: $0.job) }
    }

    private func stagingLeftovers() throws(FileError) -> [Leftover] {
        guard let status = try files.status(SpoolLayout.staging), isOld(status),
            let lock = try files.lock(SpoolLayout.restoreLock)
        else { return [] }
        lock.release()
        return [Leftover(.staging, SpoolLayout.staging, size: try size(of: SpoolLayout.staging))]
    }

    // MARK: - Taking away

    /// - Returns: false when it is gone, or in use again.
    private func remove(_ leftover: Leftover) throws(FileError) -> Bool {
        switch leftover.kind {
        case .object, .damaged: return false
        case .temporary, .upload, .link:
            guard let status = try files.status(leftover.path), leftover.kind == .link || isOld(status) else {
                return false
            }
            try removeTree(leftover.path)
            return true
        case .staging:
            guard let lock = try files.lock(SpoolLayout.restoreLock) else { return false }
            defer { lock.release() }
            guard let status = try files.status(leftover.path), isOld(status) else { return false }
            try removeStaging()
            return true
        case .heartbeat, .submit, .lost:
            guard let id = leftover.job, let found = try ownerless(id), found.kind == leftover.kind else {
                return false
            }
            return try forget(id) == .forgotten
        case .scratch:
            guard let id = leftover.job, try files.status(SpoolLayout.beat(id)) != nil else { return false }
            return try holding(id) { () throws(FileError) in
                guard let place = try place(of: id), try leftovers(of: id, at: place).contains(leftover) else {
                    return false
                }
                try removeTree(leftover.path)
                return true
            } ?? false
        }
    }
}
