import Backends
import JobCore
import Logging
import Spool

/// All that an attempt needs, shared by the attempts of this process.
struct Workshop: Sendable {
    let folder: SpoolFolder
    let registry: BackendRegistry
    let heartbeats: HeartbeatThread
    let policy: Policy
    let owner: RunRecord.Owner
    let logger: Logger
    /// Claims and endings of many small jobs go to the disk one after the other in one piece of blocking work each:
    /// side by side they would only wait for each other at the same few folders.
    let claims: GroupCommit<ClaimWish, Result<ClaimResult, FileError>>
    let endings: GroupCommit<JobEnding, EndingResult>

    /// A job to claim, for a lane.
    struct ClaimWish: Sendable {
        let id: JobID
        let lane: Lane
    }

    init(
        folder: SpoolFolder, registry: BackendRegistry, heartbeats: HeartbeatThread, policy: Policy,
        owner: RunRecord.Owner, logger: Logger
    ) {
        (self.folder, self.registry, self.heartbeats) = (folder, registry, heartbeats)
        (self.policy, self.owner, self.logger) = (policy, owner, logger)
        claims = GroupCommit { wishes in wishes.map { wish in Self.claim(wish, folder, owner) } }
        endings = GroupCommit { endings in
            let results = folder.finish(endings)
            for (ending, result) in zip(endings, results) where result == .recorded {
                // A line for people; losing one loses nothing.
                try? folder.log(ending.sentence, ending.job.id)
            }
            return results
        }
    }

    private static func claim(
        _ wish: ClaimWish, _ folder: SpoolFolder, _ owner: RunRecord.Owner
    ) -> Result<ClaimResult, FileError> {
        Result { () throws(FileError) in
            let result = try folder.claim(wish.id, owner: owner)
            if case .claimed(let job) = result {
                try? folder.log("attempt \(job.attempt) started (\(wish.lane.rawValue))", wish.id)
            }
            return result
        }
    }
}
