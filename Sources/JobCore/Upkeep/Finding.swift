/// What one check of `kinospool doctor` found.
public struct Finding: Sendable, Equatable {
    /// What was looked at, in the order in which it is told.
    public enum Check: String, Sendable, CaseIterable {
        /// The spool can be used, its format is known, and it is no copy that nobody has looked at.
        case spool
        /// Every job has one file in one folder, and a record; nothing of it is half-way.
        case jobs
        /// Every done job has what it made.
        case artifacts
        /// Failed jobs say why.
        case endings
        /// What no job owns.
        case leftovers
        /// The index says what the folders say.
        case index
        /// No file tells a secret.
        case secrets
        /// Nobody else can read or write the spool.
        case permissions
        /// Room on the disk.
        case disk
        /// The daemon, and the lock that it holds.
        case daemon
        /// The wall clock beside the spool's files, and beside RunPod's.
        case clock
        /// ffmpeg and ffprobe, with what films need of them.
        case ffmpeg
        /// Fonts for captions and cards.
        case fonts
        /// A voice for speech without a GPU.
        case speech
        case runpod
        case storage
    }

    /// How bad it is.
    public enum Level: String, Sendable, CaseIterable {
        case ok
        /// Works, and should be looked at.
        case warning
        /// Something is wrong.
        case problem
    }

    public let check: Check
    public let level: Level
    /// What was found, on what.
    public let message: String
    /// The command or setting that mends it; nil where nothing is to be mended.
    public let fix: String?
    /// The job it is about.
    public let job: JobID?
    /// `doctor --repair` mends it.
    public let isRepairable: Bool

    /// - Parameters:
    ///   - message: redacted here.
    ///   - fix: needed for everything but `.ok`.
    public init(
        _ check: Check, _ level: Level, _ message: String, fix: String? = nil, job: JobID? = nil,
        isRepairable: Bool = false
    ) {
        (self.check, self.level, self.message) = (check, level, Redaction.redacted(message))
        (self.fix, self.job, self.isRepairable) = (fix, job, isRepairable)
    }

    /// What `--repair` is told with.
    public static let repairCommand = "kinospool doctor --repair"

    /// The object of `--json`.
    public var json: JSONValue {
        [
            "v": 1, "check": .string(check.rawValue), "level": .string(level.rawValue), "message": .string(message),
            "fix": fix.map { .string($0) } ?? .null, "job_id": job.map { .string($0.text) } ?? .null,
            "repairable": .bool(isRepairable),
        ]
    }
}
