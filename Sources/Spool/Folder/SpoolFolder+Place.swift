public import JobCore

/// Finding a job's token: in the folders of the five states, and for ended jobs in the day folders below them.
///
/// The record tells in which day folder a token can lie (`final.json`, written before the token goes there), so that a
/// look costs the same however many there are. What the record does not know, because a person moved a file or a copy
/// was torn, is looked for in every day folder; only then a job counts as being nowhere. The index is not asked.
extension SpoolFolder {
    /// Where the job's token lies, nil when it has none.
    ///
    /// Looks twice at the folders of the states, in the order in which jobs move: a job that moves while we look, also
    /// from a day folder, is seen the second time.
    public func place(of id: JobID) throws(FileError) -> JobPlace? {
        if let state = try stateBesideDays(of: id) { return JobPlace(state) }
        if let place = try recordedPlace(of: id) { return place }
        if let state = try stateBesideDays(of: id) { return JobPlace(state) }
        // A record without a token is rare enough; without a record nobody ever promised a job.
        guard try files.status(SpoolLayout.record(id)) != nil else { return nil }
        if let place = try searchedPlace(of: id) { return place }
        return try stateBesideDays(of: id).map { JobPlace($0) }
    }

    /// The state in whose folder itself the token lies.
    func stateBesideDays(of id: JobID) throws(FileError) -> JobState? {
        for state in [JobState.queued, .running, .done, .failed, .canceled]
        where try files.status(SpoolLayout.token(id, in: state)) != nil { return state }
        return nil
    }

    /// The day folder of which the record tells, when the token lies there.
    func recordedPlace(of id: JobID) throws(FileError) -> JobPlace? {
        guard let final = try document(at: SpoolLayout.final(id)), let outcome = final.outcome,
            let day = final.dayOfRest(in: outcome)
        else { return nil }
        return try place(of: id, on: day)
    }

    /// The state in whose folder of that day the token lies; a person may have moved it from state to state.
    func place(of id: JobID, on day: Day) throws(FileError) -> JobPlace? {
        for state in Self.endedStates {
            let place = JobPlace(state, on: day)
            if try files.status(SpoolLayout.token(id, at: place)) != nil { return place }
        }
        return nil
    }

    /// The day folder in which the token lies, by a look into each.
    func searchedPlace(of id: JobID) throws(FileError) -> JobPlace? {
        for place in try dayFolders() where try files.status(SpoolLayout.token(id, at: place)) != nil { return place }
        return nil
    }

    /// The states that have day folders.
    static let endedStates = JobState.allCases.filter(\.isFinal)

    /// Every day folder, the newest first.
    public func dayFolders() throws(FileError) -> [JobPlace] {
        var places: [JobPlace] = []
        for state in Self.endedStates { places += try days(in: state).map { JobPlace(state, on: $0) } }
        return places.sorted { ($0.day?.text ?? "", $0.state.rawValue) > ($1.day?.text ?? "", $1.state.rawValue) }
    }

    /// The days for which a state has a folder.
    public func days(in state: JobState) throws(FileError) -> [Day] {
        guard state.isFinal else { return [] }
        return try files.folders(in: state.rawValue).compactMap { Day($0) }
    }

    /// The ids whose tokens lie there, in no order.
    public func ids(at place: JobPlace) throws(FileError) -> [JobID] {
        try files.list(SpoolLayout.folder(of: place)).compactMap {
            $0.isFolder ? nil : SpoolLayout.id(ofToken: $0.name)
        }
    }

    /// The ids of all jobs in a state, those in day folders too, in no order.
    public func allIDs(in state: JobState) throws(FileError) -> [JobID] {
        var ids = try ids(in: state)
        for day in try days(in: state) { ids += try self.ids(at: JobPlace(state, on: day)) }
        return ids
    }

    /// Every token: the places of each job that has one. Reads every folder; for what must see all, such as a copy.
    public func places() throws(FileError) -> [JobID: [JobPlace]] {
        var places: [JobID: [JobPlace]] = [:]
        // The day folders last: what goes there while we read is seen twice, never missed.
        for place in JobState.allCases.map({ JobPlace($0) }) {
            for id in try ids(at: place) { places[id, default: []].append(place) }
        }
        for place in try dayFolders() {
            for id in try ids(at: place) { places[id, default: []].append(place) }
        }
        return places
    }
}
