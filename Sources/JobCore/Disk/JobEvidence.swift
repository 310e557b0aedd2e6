/// All that lies on the disk about one job, read under its lock (or with the knowledge that somebody holds it).
public struct JobEvidence: Sendable, Equatable {
    /// A token in a state folder.
    public struct Token: Sendable, Equatable {
        public var state: JobState
        /// The day folder in which it lies; nil: in the folder of the state itself.
        public var day: Day?
        public var rev: Int, attempt: Int
        /// The outcome that its last rewrite prepared or recorded.
        public var outcome: JobState?
        /// False when it does not read as a job file: a rewrite that a power cut tore.
        public var isReadable: Bool
        /// True in `canceled/` when it says so and nothing of another outcome is left in it.
        public var isScrubbed: Bool

        public init(
            state: JobState, day: Day? = nil, rev: Int = 0, attempt: Int = 0, outcome: JobState? = nil,
            isReadable: Bool = true, isScrubbed: Bool = true
        ) {
            (self.state, self.day) = (state, day)
            (self.rev, self.attempt, self.outcome) = (rev, attempt, outcome)
            (self.isReadable, self.isScrubbed) = (isReadable, isScrubbed)
        }

        public var place: JobPlace { JobPlace(state, on: day) }
    }

    /// `final.json`: an outcome that was written before the renames that commit it; also that of a job that was refused
    /// or canceled, from before its file went to a day folder.
    public struct Final: Sendable, Equatable {
        public var rev: Int, attempt: Int
        public var outcome: JobState

        public init(rev: Int, attempt: Int, outcome: JobState) {
            (self.rev, self.attempt, self.outcome) = (rev, attempt, outcome)
        }
    }

    public var tokens: [Token]
    /// True when `job.json` reads as a job file.
    public var hasBirth: Bool
    public var run: RunRecord?
    public var final: Final?
    /// The rev that the wish to cancel ends; nil: no wish.
    public var cancelRev: Int?
    /// Somebody alive holds the job's lock.
    public var isOwned: Bool
    /// Numbers of the attempts whose folders exist.
    public var scratches: [Int]

    public init(
        tokens: [Token], hasBirth: Bool = true, run: RunRecord? = nil, final: Final? = nil, cancelRev: Int? = nil,
        isOwned: Bool = false, scratches: [Int] = []
    ) {
        (self.tokens, self.hasBirth, self.run, self.final) = (tokens, hasBirth, run, final)
        (self.cancelRev, self.isOwned, self.scratches) = (cancelRev, isOwned, scratches)
    }
}
