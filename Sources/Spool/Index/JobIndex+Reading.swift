public import JobCore

/// Questions. Each is one short reading transaction and sees one moment of the index.
///
/// All throw `IndexDamaged` or `Failure`.
extension JobIndex {
    /// One job; nil when the index does not know it.
    public func view(_ id: JobID) throws -> JobView? { try reading { try $0.view(id) } }
    /// One job; nil when the index does not know it.
    public func view(_ id: JobID) async throws -> JobView? { try await reading { try $0.view(id) } }

    /// One page, newest first; the next one begins after `JobCursor` of its last.
    public func list(_ query: JobQuery) throws -> [JobView] { try reading { try $0.list(query) } }
    /// One page, newest first; the next one begins after `JobCursor` of its last.
    public func list(_ query: JobQuery) async throws -> [JobView] { try await reading { try $0.list(query) } }

    /// Every job at a place with the stamp it was written with, to compare with the names in its folder.
    public func ids(at place: JobPlace) throws -> [JobID: Int64] { try reading { try $0.ids(at: place) } }
    /// Every job at a place with the stamp it was written with, to compare with the names in its folder.
    public func ids(at place: JobPlace) async throws -> [JobID: Int64] { try await reading { try $0.ids(at: place) } }

    /// How many jobs are in each state, all states named; none are counted while a refill is under way.
    public func counts() throws -> [JobState: Int] { try reading { try $0.counts() } }
    /// How many jobs are in each state, all states named; none are counted while a refill is under way.
    public func counts() async throws -> [JobState: Int] { try await reading { try $0.counts() } }

    /// The ids that begin so, in the order of their names.
    public func matching(prefix: String, limit: Int) throws -> [JobID] {
        try reading { try $0.matching(prefix: prefix, limit: limit) }
    }
    /// The ids that begin so, in the order of their names.
    public func matching(prefix: String, limit: Int) async throws -> [JobID] {
        try await reading { try $0.matching(prefix: prefix, limit: limit) }
    }

    /// The job created last, of all or of one state; nil when there is none.
    public func newest(in state: JobState?) throws -> JobID? { try reading { try $0.newest(in: state) } }
    /// The job created last, of all or of one state; nil when there is none.
    public func newest(in state: JobState?) async throws -> JobID? { try await reading { try $0.newest(in: state) } }

    /// What `setStamp` kept, by folder.
    public func stamps() throws -> [String: String] { try reading { try $0.stamps() } }
    /// What `setStamp` kept, by folder.
    public func stamps() async throws -> [String: String] { try await reading { try $0.stamps() } }

    /// What `setStamp` kept for a folder; nil when nothing, as after every refill.
    public func stamp(ofFolder folder: String) throws -> String? { try reading { try $0.stamp(ofFolder: folder) } }
    /// What `setStamp` kept for a folder; nil when nothing, as after every refill.
    public func stamp(ofFolder folder: String) async throws -> String? {
        try await reading { try $0.stamp(ofFolder: folder) }
    }

    /// Every row as one line, sorted by id: two indexes say the same exactly when their dumps are equal.
    public func dump() throws -> [String] { try reading { try $0.dump() } }
    /// Every row as one line, sorted by id: two indexes say the same exactly when their dumps are equal.
    public func dump() async throws -> [String] { try await reading { try $0.dump() } }
}
