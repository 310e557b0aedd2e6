public import JobCore

/// Lists of jobs that are as fresh as the folders, for programs without a daemon.
///
/// It uses the index and mends it first; where the index cannot be used, it reads the files instead: slower, as true.
public struct JobCatalog: Sendable {
    private let folder: SpoolFolder
    private let shelf: IndexShelf?

    /// - Parameter keepsOpen: whether the index stays open between two questions; for who asks often.
    public init(folder: SpoolFolder, keepsOpen: Bool = false) {
        (self.folder, shelf) = (folder, keepsOpen ? IndexShelf() : nil)
    }

    /// Jobs, newest first.
    public func list(_ query: JobQuery) async throws -> [JobView] {
        try await BlockingWork.run {
            if let found = try? asking({ try $0.list(query) }) { return try alive(found) }
            return try fromFiles(query)
        }
    }

    /// Ids that begin with a text, an exact match first.
    public func ids(startingWith prefix: String, limit: Int) async throws -> [JobID] {
        try await BlockingWork.run {
            if let id = JobID(prefix), try folder.state(of: id) != nil { return [id] }
            if let found = try? asking({ try $0.matching(prefix: prefix, limit: limit) }) { return found }
            let all = try JobState.allCases.flatMap { try folder.allIDs(in: $0) }
            return Array(all.filter { $0.text.hasPrefix(prefix) }.sorted().prefix(limit))
        }
    }

    /// The job that came last, of a state or of all.
    public func newest(in state: JobState?) async throws -> JobID? {
        try await list(try JobQuery(states: state.map { [$0] } ?? [], limit: 1)).first?.id
    }

    /// Writes the index anew. - Returns: the number of jobs in it.
    public func rebuild() async throws -> Int {
        try await BlockingWork.run {
            let index = try JobIndex(path: folder.absolute(SpoolLayout.indexFile))
            return try IndexRefresh(folder: folder, index: index).rebuild()
        }
    }

    /// How the index stands beside the files; nil where there is none, or it cannot be read: it is made when it is
    /// needed.
    ///
    /// - Returns: jobs whose rows are not what their files say, but for those that moved since, as the folders tell.
    public func differences() async throws -> [JobID]? {
        try await BlockingWork.run {
            let path = folder.absolute(SpoolLayout.indexFile)
            guard let index = try? JobIndex(path: path, readOnly: true), !index.wasRebuilt,
                let difference = try? IndexRefresh(folder: folder, index: index).difference()
            else { return nil }
            let pending = Set(difference.changed.keys).union(difference.gone)
            var wrong: [JobID] = []
            for (id, places) in try folder.places() where !pending.contains(id) {
                guard let place = places.first, let found = try folder.view(id, at: place) else { continue }
                let known = try index.view(id)
                // Progress and heartbeats of those that run are read from their files anyway.
                guard known?.state == found.view.state, !found.view.state.isFinal || known == found.view.asIndexed
                else {
                    // It may have moved on meanwhile.
                    if try folder.place(of: id) == place { wrong.append(id) }
                    continue
                }
            }
            return wrong.sorted()
        }
    }

    /// Asks an index that says what the folders say. One that fails is not used again.
    private func asking<Answer>(_ question: (JobIndex) throws -> Answer) throws -> Answer {
        let path = folder.absolute(SpoolLayout.indexFile)
        // Opened for writing, it would wait for the disk four times, also when there is nothing to write.
        let known = try? shelf?.takeReader() ?? JobIndex(path: path, readOnly: true)
        let difference = try known.flatMap { index in
            index.wasRebuilt ? nil : try IndexRefresh(folder: folder, index: index).difference()
        }
        if let known, difference?.isEmpty == true {
            let answer = try question(known)
            shelf?.giveBack(known)
            return answer
        }
        let index = try shelf?.takeWriter() ?? JobIndex(path: path)
        let refresh = IndexRefresh(folder: folder, index: index)
        if let difference, !index.wasRebuilt { _ = try refresh.mend(difference) } else { try refresh.refresh() }
        let answer = try question(index)
        shelf?.giveBack(index)
        if let known { shelf?.giveBack(known) }
        return answer
    }

    /// Progress and heartbeats change without any rename: those few are read from their files.
    private func alive(_ views: [JobView]) throws -> [JobView] {
        try views.compactMap { view in
            view.state == .running || view.state == .queued ? try folder.view(view.id) : view
        }
    }

    private func fromFiles(_ query: JobQuery) throws -> [JobView] {
        var found: [JobView] = []
        for state in JobState.allCases where query.states.isEmpty || query.states.contains(state) {
            for place in [JobPlace(state)] + (try folder.days(in: state)).map({ JobPlace(state, on: $0) }) {
                for id in try folder.ids(at: place) {
                    if let view = try folder.view(id, at: place)?.view, query.matches(view) { found.append(view) }
                }
            }
        }
        found.sort { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
        return Array(found.prefix(query.limit))
    }
}

extension JobView {
    /// What a row of the index holds of it.
    fileprivate var asIndexed: JobView {
        var view = self
        (view.remoteRuns, view.remoteHint) = ([], nil)
        return view
    }
}

extension JobQuery {
    /// Whether a job belongs to the answer, as the index decides it.
    func matches(_ view: JobView) -> Bool {
        if let after, (view.createdAt, view.id) >= (after.createdAt, after.id) { return false }
        guard types.isEmpty || types.contains(view.typeName) else { return false }
        guard let text = text?.lowercased() else { return true }
        return view.id.text.contains(text) || (view.prompt ?? "").lowercased().contains(text)
    }
}
