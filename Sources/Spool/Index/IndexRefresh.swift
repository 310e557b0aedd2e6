public import JobCore

/// Brings the index up to date with the folders; blocking.
///
/// A folder whose stamp (identity, times) is the one recorded at the last refresh was not changed by any rename and is
/// not listed again. A stamp younger than the guard is not recorded: file times come from a coarse clock, so "not
/// changed since" proves nothing within it (the racy-git problem).
public struct IndexRefresh: Sendable {
    private let folder: SpoolFolder
    private let index: JobIndex

    /// A folder changed less than this long before its listing is listed again next time.
    static let guardTime = Duration.seconds(2)
    static let batchSize = 2000

    public init(folder: SpoolFolder, index: JobIndex) { (self.folder, self.index) = (folder, index) }

    /// What the folders and the index tell differently.
    struct Difference {
        /// Jobs whose tokens are not the ones that the rows were read from, and where the tokens lie.
        var changed: [JobID: JobState] = [:]
        /// Jobs that are not where the index has them.
        var gone: Set<JobID> = []
        /// What to remember of a folder instead of what is remembered; nil is nothing.
        var stamps: [String: String?] = [:]

        var isEmpty: Bool { changed.isEmpty && gone.isEmpty && stamps.isEmpty }
    }

    /// Compares every state folder with the index and mends the difference; fills the index where it is new.
    ///
    /// - Returns: how many rows were written or removed.
    /// - Throws: `IndexDamaged`, `Failure`, `FileError`.
    @discardableResult
    public func refresh() throws -> Int {
        try index.wasRebuilt ? rebuild() : mend(difference())
    }

    /// Compares every state folder with the index; changes nothing.
    func difference() throws -> Difference {
        var (difference, seen): (Difference, Set<JobID>) = (Difference(), [])
        for state in JobState.allCases {
            let (stamp, known) = (try stamp(of: state), try index.stamp(ofFolder: state.rawValue))
            if let stamp, stamp.text == known { continue }
            let new = stamp.flatMap { $0.isOld ? $0.text : nil }
            if new != known { difference.stamps[state.rawValue] = .some(new) }
            var rows = try index.ids(in: state)
            for id in try folder.ids(in: state) {
                seen.insert(id)
                let changeTime = try folder.files.status(SpoolLayout.token(id, in: state))?.changed
                if rows.removeValue(forKey: id) != changeTime { difference.changed[id] = state }
            }
            difference.gone.formUnion(rows.keys)
        }
        difference.gone.subtract(seen)
        return difference
    }

    /// Writes what a comparison found.
    ///
    /// - Returns: how many rows were written or removed.
    func mend(_ difference: Difference) throws -> Int {
        let written = try apply(difference.changed, gone: difference.gone)
        if !difference.stamps.isEmpty { try index.setStamps(difference.stamps) }
        return written
    }

    /// Looks at some jobs again.
    public func update(_ ids: some Collection<JobID>) throws {
        var (rows, gone): ([IndexRow], [JobID]) = ([], [])
        for id in ids {
            if let row = try row(id) { rows.append(row) } else { gone.append(id) }
            // Rows hold whole jobs: a hundred thousand of them at a time would be most of the daemon's memory.
            if rows.count + gone.count == Self.batchSize {
                try index.apply(upserts: rows, deletions: gone)
                (rows, gone) = ([], [])
            }
        }
        if !rows.isEmpty || !gone.isEmpty { try index.apply(upserts: rows, deletions: gone) }
    }

    /// Fills the index from nothing. - Returns: the number of rows.
    @discardableResult
    public func rebuild() throws -> Int {
        var (todo, stamps): ([(JobID, JobState)], [String: String?]) = ([], [:])
        // Hot folders first: what a person looks at is there first.
        for state in [JobState.running, .queued, .failed, .canceled, .done] {
            // Before the listing: what comes after it makes the stamp a wrong one.
            stamps[state.rawValue] = try stamp(of: state).flatMap { $0.isOld ? $0.text : nil }
            // By name is by age, and so about as the files lie on the disk and as lists walk the rows.
            todo += try folder.ids(in: state).sorted().map { ($0, state) }
        }
        var count = 0
        let reading = ReadAhead(todo) { [self] job in try row(job.0, in: job.1) }
        try index.rebuild { write in
            try reading.forEachBatch { rows in
                count += rows.count
                try write(rows)
            }
        }
        try index.setStamps(stamps.filter { $0.value != nil })
        return count
    }

    private func apply(_ changed: [JobID: JobState], gone: Set<JobID>) throws -> Int {
        var (rows, missing): ([IndexRow], [JobID]) = ([], [])
        for (id, state) in changed {
            if let row = try row(id, in: state) { rows.append(row) } else { missing.append(id) }
            if rows.count == Self.batchSize {
                try index.apply(upserts: rows)
                rows = []
            }
        }
        // A job that was nowhere may just have been moving.
        for id in gone.union(missing) {
            if let row = try row(id) { rows.append(row) }
        }
        let kept = Set(rows.map(\.view.id))
        let deletions = gone.union(missing).subtracting(kept)
        if !rows.isEmpty || !deletions.isEmpty { try index.apply(upserts: rows, deletions: Array(deletions)) }
        return changed.count + deletions.count
    }

    private func row(_ id: JobID) throws -> IndexRow? {
        for _ in 0..<2 {
            guard let state = try folder.state(of: id) else { return nil }
            if let row = try row(id, in: state) { return row }
        }
        return nil
    }

    private func row(_ id: JobID, in state: JobState) throws -> IndexRow? {
        try folder.view(id, in: state).map { IndexRow(view: $0.view, stamp: $0.stamp) }
    }

    private func stamp(of state: JobState) throws -> (text: String, isOld: Bool)? {
        guard let status = try folder.files.status(state.rawValue) else { return nil }
        let newest = max(status.modified, status.changed)
        let age = folder.now().milliseconds - newest / 1_000_000
        return (
            "\(status.device) \(status.inode) \(status.modified) \(status.changed)", age > Self.guardTime.milliseconds
        )
    }
}
