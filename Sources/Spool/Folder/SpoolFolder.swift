public import JobCore

/// The spool on disk: every operation on jobs, as sequences of single system calls.
///
/// The order is always: record, the rename that commits, sweep. Nothing is rolled back; what a crash leaves is rolled
/// forward by `recover`. No operation reads the index.
///
/// Invariants:
/// 1. A token changes its folder by one rename from a fixed name; of several who try, one wins and the others read
///    `ENOENT`.
/// 2. A token is never replaced by a rename over its name (that would resurrect a job that somebody moved), only by
///    exchange.
/// 3. Claim, run and finish happen under the job's lock, which is taken before the claim's rename.
/// 4. Outputs lie in the attempt's own folder; they are outputs exactly when the token is in `done/`.
/// 5. In durable mode a file is synced before it gets its final name, and the folder of the name after.
public struct SpoolFolder: Sendable {
    /// The seam.
    public let files: any FileSystem
    /// Absolute path, for backends and for people.
    public let root: String
    public let durability: Durability
    let now: @Sendable () -> Timestamp
    let random: @Sendable () -> UInt32

    /// - Parameters:
    ///   - now: the wall clock; for schedules and display only.
    ///   - random: for new ids and temporary names.
    public init(
        files: any FileSystem, root: String, durability: Durability = .full,
        now: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> UInt32 = QuickRandom.next
    ) {
        (self.files, self.root, self.durability) = (files, root, durability)
        (self.now, self.random) = (now, random)
    }

    /// The time by the spool's clock.
    public var wallTime: Timestamp { now() }

    /// The absolute path of something in the spool.
    public func absolute(_ path: String) -> String { "\(root)/\(path)" }

    /// The job's state, nil when it has no token.
    public func state(of id: JobID) throws(FileError) -> JobState? { try place(of: id)?.state }

    /// The ids whose tokens lie in the folder of a state itself, not in a day folder below it; in no order.
    public func ids(in state: JobState) throws(FileError) -> [JobID] { try ids(at: JobPlace(state)) }

    /// Every id that has a token or a record.
    public func allIDs() throws(FileError) -> [JobID] {
        var ids = Set(try places().keys)
        for shard in try files.list(SpoolLayout.work) where shard.isFolder {
            ids.formUnion(try files.list("\(SpoolLayout.work)/\(shard.name)").compactMap { JobID($0.name) })
        }
        return ids.sorted()
    }

    /// Jobs with two tokens, and records with none; each with the places of its tokens.
    public func idsWithoutOneToken() throws(FileError) -> [JobID: [JobPlace]] {
        let places = try places()
        var found = places.filter { $0.value.count > 1 }
        for shard in try files.list(SpoolLayout.work) where shard.isFolder {
            let records = try files.list("\(SpoolLayout.work)/\(shard.name)").compactMap { JobID($0.name) }
            for id in records where places[id] == nil { found[id] = [] }
        }
        return found
    }

    /// The job file in the folder of a state itself, nil when it is not there or does not read.
    public func document(_ id: JobID, in state: JobState) throws(FileError) -> JobDocument? {
        try document(id, at: JobPlace(state))
    }

    /// The job file at a place, nil when it is not there or does not read.
    public func document(_ id: JobID, at place: JobPlace) throws(FileError) -> JobDocument? {
        try document(at: SpoolLayout.token(id, at: place))
    }

    /// The job file at a path, nil when nothing lies there, or something that does not read.
    func document(at path: String) throws(FileError) -> JobDocument? {
        try bytes(at: path).flatMap { try? JobDocument(reading: $0) }
    }

    /// The bytes of one of our own files. A link, a folder or gigabytes in its place count as nothing: no operation on
    /// a job may fail for ever because of what somebody put there.
    func bytes(at path: String, limit: Int = JobDocument.maximumRewrittenBytes) throws(FileError) -> [UInt8]? {
        do {
            return try files.read(path, limit: limit)?.bytes
        } catch {
            if error.isNoJobFile { return nil }
            throw error
        }
    }
}
