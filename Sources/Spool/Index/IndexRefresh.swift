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
        var changed: [JobID: JobPlace] = [:]
        /// Jobs that are not where the index has them.
        var gone: Set<JobID> = []
        /// Jobs that were found somewhere.
        fileprivate var seen: Set<JobID> = []
        /// What to remember of a folder instead of what is remembered; nil is nothing.
        var stamps: [String: String?] = [:]

        var isEmpty: Bool { changed.isEmpty && gone.isEmpty && stamps.isEmpty }
    }

    /// Compares every folder with the index and mends the difference; fills the index where it is new.
    ///
    /// - Returns: how many rows were written or removed.
    /// - Throws: `IndexDamaged`, `Failure`, `FileError`.
    @discardableResult
    public func refresh() throws -> Int {
        try index.wasRebuilt ? rebuild() : mend(difference())
    }

    /// Compares every folder with the index; changes nothing.
    func difference() throws -> Difference {
        let known = try index.stamps()
        var difference = Difference()
        func remember(_ stamp: String?, of path: String) {
            if stamp != known[path] { difference.stamps[path] = .some(stamp) }
        }
        for state in JobState.allCases {
            let stamp = try stamp(of: JobPlace(state))
            let isKnown = stamp != nil && known[state.rawValue] == stamp?.text
            for place in try dayFolders(of: state, isKnown ? known : [:]) {
                // A day folder that is not known well stays known by name.
                let stamp = try self.stamp(of: place)
                let path = SpoolLayout.folder(of: place)
                if let stamp, known[path] == stamp.text { continue }
                try compare(place, &difference)
                remember(stamp.map { $0.isOld ? $0.text : Self.unsure }, of: path)
            }
            if isKnown { continue }
            // Day folders that are gone.
            for place in known.keys.compactMap(SpoolLayout.place(ofFolder:)) where place.state == state {
                let path = SpoolLayout.folder(of: place)
                guard place.day != nil, try folder.files.status(path) == nil else { continue }
                try compare(place, &difference)
                remember(nil, of: path)
            }
            try compare(JobPlace(state), &difference)
            remember(stamp.flatMap { $0.isOld ? $0.text : nil }, of: state.rawValue)
        }
        difference.gone.subtract(difference.seen)
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

    /// Compares one folder with the index, whatever its stamp says: an edit in place does not change it.
    ///
    /// - Returns: how many rows were written or removed.
    @discardableResult
    public func refresh(_ place: JobPlace) throws -> Int {
        var difference = Difference()
        try compare(place, &difference)
        return try apply(difference.changed, gone: difference.gone.subtracting(difference.seen))
    }

    /// The stamp of a folder that changed too short ago to be trusted next time.
    private static let unsure = "?"

    private func compare(_ place: JobPlace, _ difference: inout Difference) throws {
        var known = try index.ids(at: place)
        for id in try folder.ids(at: place) {
            difference.seen.insert(id)
            let changeTime = try folder.files.status(SpoolLayout.token(id, at: place))?.changed
            if known.removeValue(forKey: id) != changeTime { difference.changed[id] = place }
        }
        difference.gone.formUnion(known.keys)
    }

    /// The day folders of a state: as known where the state's own folder did not change since, else as they are.
    private func dayFolders(of state: JobState, _ known: [String: String]) throws -> [JobPlace] {
        guard known.isEmpty else {
            return known.keys.compactMap(SpoolLayout.place(ofFolder:)).filter { $0.state == state && $0.day != nil }
        }
        return try folder.days(in: state).map { JobPlace(state, on: $0) }
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
        var (todo, stamps): ([(JobID, JobPlace)], [String: String?]) = ([], [:])
        // Hot folders first, then the newest days: what a person looks at is there first.
        let flat = [JobState.running, .queued, .failed, .canceled, .done].map { JobPlace($0) }
        // Before the day folders are listed: one that comes after it makes the stamp of its state a wrong one.
        for place in flat { stamps[place.state.rawValue] = try stamp(of: place).flatMap { $0.isOld ? $0.text : nil } }
        for place in flat + (try folder.dayFolders()) {
            if place.day != nil {
                stamps[SpoolLayout.folder(of: place)] =
                    try stamp(of: place).map { $0.isOld ? $0.text : Self.unsure } ?? Self.unsure
            }
            // By name is by age, and so about as the files lie on the disk and as lists walk the rows.
            todo += try folder.ids(at: place).sorted().map { ($0, place) }
        }
        var count = 0
        let reading = ReadAhead(todo) { [self] job in try row(job.0, at: job.1) }
        try index.rebuild { write in
            try reading.forEachBatch { rows in
                count += rows.count
                try write(rows)
            }
        }
        try index.setStamps(stamps.filter { $0.value != nil })
        return count
    }

    private func apply(_ changed: [JobID: JobPlace], gone: Set<JobID>) throws -> Int {
        var (rows, missing): ([IndexRow], [JobID]) = ([], [])
        for (id, place) in changed {
            if let row = try row(id, at: place) { rows.append(row) } else { missing.append(id) }
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
            guard let place = try folder.place(of: id) else { return nil }
            if let row = try row(id, at: place) { return row }
        }
        return nil
    }

    private func row(_ id: JobID, at place: JobPlace) throws -> IndexRow? {
        try folder.view(id, at: place).map { IndexRow(view: $0.view, stamp: $0.stamp) }
    }

    private func stamp(of place: JobPlace) throws -> (text: String, isOld: Bool)? {
        guard let status = try folder.files.status(SpoolLayout.folder(of: place)) else { return nil }
        let newest = max(status.modified, status.changed)
        let age = folder.now().milliseconds - newest / 1_000_000
        return (
            "\(status.device) \(status.inode) \(status.modified) \(status.changed)", age > Self.guardTime.milliseconds
        )
    }
}
