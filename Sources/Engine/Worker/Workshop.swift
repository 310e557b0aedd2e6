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
    let endings: GroupCommit<JobEnding, EndingResult>
    let stopping = Stopping()
    /// Ends what runs elsewhere and nobody wants.
    let canceler: RemoteCanceler
    /// Keeps object storage like the folders.
    let publisher: Publisher

    init(
        folder: SpoolFolder, registry: BackendRegistry, heartbeats: HeartbeatThread, policy: Policy,
        owner: RunRecord.Owner, publisher: Publisher, logger: Logger
    ) {
        (self.folder, self.registry, self.heartbeats) = (folder, registry, heartbeats)
        (self.policy, self.owner, self.publisher, self.logger) = (policy, owner, publisher, logger)
        canceler = RemoteCanceler(folder: folder, registry: registry, logger: logger)
        endings = GroupCommit(limit: folder.durability == .full ? 2 : 1) { endings in
            let results = folder.finish(endings)
            for (ending, result) in zip(endings, results) where result == .recorded {
                // A line for people; losing one loses nothing.
                try? folder.log(ending.sentence, ending.job.id)
            }
            return results
        }
    }
}
