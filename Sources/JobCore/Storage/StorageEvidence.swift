/// All that decides over an entry in `storage/`, read under the job's lock.
public struct StorageEvidence: Sendable, Equatable {
    /// The job's token.
    public struct Token: Sendable, Equatable {
        public var state: JobState
        public var attempt: Int
        /// The outcome that its last rewrite prepared or recorded.
        public var outcome: JobState?
        /// What the token tells of object storage, else `final.json`, with what was published since.
        public var publication: Publication?

        public init(_ state: JobState, attempt: Int, outcome: JobState? = nil, publication: Publication? = nil) {
            (self.state, self.attempt, self.outcome, self.publication) = (state, attempt, outcome, publication)
        }
    }

    /// Nil: the job has none.
    public var token: Token?
    /// The job's folder in `work/` is there.
    public var hasRecord: Bool
    /// A delete has begun.
    public var isDeleted: Bool
    /// Somebody alive holds the job's lock.
    public var isOwned: Bool

    public init(token: Token?, hasRecord: Bool = true, isDeleted: Bool = false, isOwned: Bool = false) {
        (self.token, self.hasRecord) = (token, hasRecord)
        (self.isDeleted, self.isOwned) = (isDeleted, isOwned)
    }
}
