public import JobCore
import Spool

/// The queue and the disk.
extension FrontDesk {
    /// How the queue stands.
    public func queue() async throws -> QueueFacts { try await onDisk { try $0.queueFacts() } }

    /// Nothing new starts from now on; what runs goes on.
    public func pause() async throws {
        try await onDisk { try $0.pause(reason: "paused over HTTP") }
        herald.touchQueue()
    }

    /// Opens the queue, whoever closed it.
    public func resume() async throws {
        try await onDisk { try $0.resume() }
        herald.touchQueue()
    }

    /// What the disk of the spool still takes.
    public func space() async throws -> DiskSpace { try await onDisk { try $0.files.space() } }

    /// How many jobs there are in each state.
    public func counts() async throws -> [JobState: Int] {
        try await onDisk { folder in
            var counts: [JobState: Int] = [:]
            for state in JobState.allCases { counts[state] = try folder.allIDs(in: state).count }
            return counts
        }
    }

    /// Whether the spool can be used: its folders are there.
    public func isHealthy() async -> Bool {
        let isThere = try? await onDisk { try $0.files.status(SpoolLayout.queued)?.kind == .folder }
        return isReady && isThere == true
    }
}
