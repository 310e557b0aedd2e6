public import JobCore
import Spool
import Synchronization

/// The one door for what comes from the network: requests in, values out, and no path of a file.
///
/// Every call waits for the disk on a thread of its own, so any task may make it.
public final class FrontDesk: Sendable {
    /// What the daemon runs with.
    public let settings: Settings
    /// The object storage that finished films are published in; nil for none, and for one that is set up wrongly.
    public let storage: StorageAccess?
    /// Who tells what happens.
    public let herald: Herald
    let folder: SpoolFolder
    let catalog: JobCatalog
    let lookout: RunPodLookout
    let messenger: Messenger
    let submits: GroupCommit<Submission, Result<JobID, Failure>>
    /// Keys of requests that are being carried out.
    let keysAtWork = Mutex<Set<String>>([])
    private let readiness = Atomic(false)

    init(settings: Settings, folder: SpoolFolder, herald: Herald, messenger: Messenger) {
        (self.settings, self.folder, self.herald, self.messenger) = (settings, folder, herald, messenger)
        storage = (try? StorageAccess(settings)) ?? nil
        catalog = JobCatalog(folder: folder, keepsOpen: true)
        lookout = RunPodLookout(settings.runpod)
        submits = GroupCommit(limit: 2) { folder.submit($0) }
    }

    /// Whether the spool was recovered and work has begun.
    public var isReady: Bool { readiness.load(ordering: .acquiring) }

    /// Whether RunPod answered lately; false where it is not set up. It is never asked here, only told of.
    public var isRunPodConnected: Bool { lookout.isConnected }

    func open() { readiness.store(true, ordering: .releasing) }

    /// The time by the spool's clock.
    public var now: Timestamp { folder.wallTime }

    /// Runs a body that waits for the disk.
    func onDisk<Answer: Sendable>(_ body: @escaping @Sendable (SpoolFolder) throws -> Answer) async throws -> Answer {
        let folder = folder
        do {
            return try await BlockingWork.run { try body(folder) }
        } catch let error as FileError {
            throw error.failure
        }
    }
}
