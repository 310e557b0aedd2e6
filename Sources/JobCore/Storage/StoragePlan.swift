/// Decides what becomes of the objects of one publication. Pure: evidence in, step out.
///
/// ```
/// attempt is made ─▶ entry ─▶ objects ─▶ job done, published ─▶ forget (the job file tells all)
///                      │                  job done, waiting   ─▶ publish ─▶ forget
///                      └── canceled, failed, deleted, run again ─▶ withdraw ─▶ objects removed ─▶ entry removed
/// ```
///
/// Invariants:
/// 1. Nothing is stored or removed while somebody alive works on the job: its owner stores, and alone.
/// 2. Objects are wanted exactly while the job is done and its file names their folder; until the job has ended they
///    may become so, by the attempt that stored them alone.
/// 3. Withdrawing is final: from then on nobody stores anything under that folder.
/// 4. A job without token, whose record is there, may be a torn copy: nothing of it is removed.
public enum StoragePlan {
    /// What to do about an entry.
    public enum Step: String, Sendable, CaseIterable {
        /// Its time has not come; look again.
        case wait
        /// Store what is missing, then say so beside the job.
        case publish
        /// All is said in the job file: the entry goes.
        case forget
        /// Nobody wants the objects: mark the entry, then remove them.
        case withdraw
    }

    /// The step for an entry that is not withdrawn yet.
    public static func step(for folder: StorageFolder, _ evidence: StorageEvidence) -> Step {
        guard !evidence.isOwned else { return .wait }
        guard let token = evidence.token else {
            return evidence.isDeleted || !evidence.hasRecord ? .withdraw : .wait
        }
        switch token.state {
        case .queued, .canceled: return .withdraw
        case .running:
            // Its owner is dead: the next one goes on with this attempt, or another attempt comes.
            return folder.attempt < token.attempt ? .withdraw : .wait
        case .failed:
            // A done job that a person moved here may be moved back.
            return token.outcome == .done && token.publication?.folder == folder ? .wait : .withdraw
        case .done:
            guard let publication = token.publication, publication.folder == folder else { return .withdraw }
            // A retry that was cut short has taken the outcome out; the repair brings it back.
            guard token.outcome == .done else { return .wait }
            return publication.isPublished ? .forget : .publish
        }
    }
}
