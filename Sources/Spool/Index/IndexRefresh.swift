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

    /// Compares every state folder with the index and mends the difference; fills the index where it is new.
    ///
    /// - Returns: how many rows were written or removed.
    /// - Throws: `IndexDamaged`, `Failure`, `FileError`.
    @discardableResult
    public func refresh() throws -> Int {
        guard !index.wasRebuilt else { return try rebuild() }
        var (changed, gone): ([JobID: JobState], Set<JobID>) = ([:], [])
        var (seen, stamps): (Set<JobID>, [String: String?]) = ([], [:])
        for state in JobState.allCases {
            let stamp = try stamp(of: state)
            if let stamp, try index.stamp(ofFolder: state.rawValue) == stamp.text { continue }
            stamps[state.rawValue] = stamp.flatMap { $0.isOld ? $0.text : nil }
            var known = try index.ids(in: state)
            for id in try folder.ids(in: state) {
                seen.insert(id)
                let changeTime = try folder.files.status(SpoolLayout.token(id, in: state))?.changed
                if known.removeValue(forKey: id) != changeTime { changed[id] = state }
            }
            gone.formUnion(known.keys)
        }
        let written = try apply(changed, gone: gone.subtracting(seen))
        for (path, stamp) in stamps { try index.setStamp(stamp, ofFolder: path) }
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
        // Hot folders first: what a person looks at is there first.
        var todo: [(JobID, JobState)] = []
        for state in [JobState.running, .queued, .failed, .canceled, .done] {
            todo += try folder.ids(in: state).map { ($0, state) }
        }
        var (next, count) = (0, 0)
        try index.rebuild {
            // An empty batch ends the rebuild: go on past jobs that vanished meanwhile.
            while next < todo.count {
                let batch = todo[next..<min(next + Self.batchSize, todo.count)]
                next += batch.count
                let rows = try batch.compactMap { try row($0.0, in: $0.1) }
                count += rows.count
                if !rows.isEmpty { return rows }
            }
            return []
        }
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
