public import JobCore
import Spool
import Synchronization

/// Looking at jobs, and changing them.
extension FrontDesk {
    /// One job as it is now. - Throws: `noSuchJob`.
    public func view(_ id: JobID) async throws -> JobView {
        guard let view = try await onDisk({ try $0.view(id) }) else { throw DeskRefusal.noSuchJob(id) }
        return view
    }

    /// Jobs, newest first.
    public func list(_ query: JobQuery) async throws -> [JobView] { try await catalog.list(query) }

    /// Cancels a job for good; again is the same. - Returns: the state it is in now.
    public func cancel(_ id: JobID) async throws -> JobState {
        let result = try await onDisk { try $0.cancel(id) }
        herald.touch([id])
        switch result {
        case .canceled: return .canceled
        case .ended(let state): return state
        case .missing: throw DeskRefusal.noSuchJob(id)
        }
    }

    /// Removes a job and all it made; one that runs is canceled first. - Returns: how many artifacts went with it.
    public func delete(_ id: JobID) async throws -> Int {
        let result = try await onDisk { folder in
            if try folder.state(of: id) == .running { _ = try folder.cancel(id) }
            return try folder.delete(id)
        }
        herald.touch([id])
        switch result {
        case .deleted(let count): return count
        case .running: throw DeskRefusal.wrongState(id, .running, wanted: "be deleted")
        case .missing: throw DeskRefusal.noSuchJob(id)
        }
    }

    /// Runs an ended job again.
    ///
    /// - Parameters:
    ///   - changes: parameters to set first; null removes one.
    ///   - key: of several requests with one key, one runs the job again.
    /// - Returns: true when it had been done before, by a request with the same key.
    /// - Throws: `wrongState` while it is under way, `invalid_job` when the changes ask for the impossible,
    ///   `keyAtWork`, `keyOfAnotherRequest`.
    @discardableResult
    public func retry(_ id: JobID, changes: [String: JSONValue], key: String? = nil) async throws -> Bool {
        // A key of a retry is the job's own: no id, and so no key of a submit, holds a slash.
        let name = key.map { "\(id)/retry/\($0)" }
        if let name {
            guard keysAtWork.withLock({ $0.insert(name).inserted }) else { throw DeskRefusal.keyAtWork }
        }
        defer { if let name { keysAtWork.withLock { _ = $0.remove(name) } } }
        let request = key.map { RetryRequest(key: $0, changes: changes, at: now) }
        let isReplay = try await onDisk { folder in
            guard let state = try folder.state(of: id) else { throw DeskRefusal.noSuchJob(id) }
            if let request, let document = try folder.currentDocument(id) {
                switch request.relation(to: document) {
                case .new: break
                case .replay: return true
                case .otherChanges: throw DeskRefusal.keyOfAnotherRequest(id)
                }
            }
            guard state.isFinal else { throw DeskRefusal.wrongState(id, state, wanted: "run again") }
            try folder.retry(id, changes: changes, as: request)
            return false
        }
        herald.touch([id])
        return isReplay
    }

    /// Changes a job that waits; of one that has ended, only what people noted on it.
    ///
    /// - Parameters:
    ///   - patch: JSON Merge Patch (RFC 7396) of the job file's own keys.
    ///   - revision: what the job must be like; nil for anything.
    public func edit(_ id: JobID, patch: [String: JSONValue], ifRevision isWanted: @Sendable @escaping (String) -> Bool)
        async throws
    {
        let policy = settings.policy
        let result = try await onDisk { folder -> SpoolFolder.EditResult in
            guard let view = try folder.view(id) else { throw DeskRefusal.noSuchJob(id) }
            guard isWanted(view.revision(at: folder.wallTime, policy: policy)) else {
                throw DeskRefusal.changedMeanwhile(id)
            }
            let check: (JobDocument) throws -> Void = { document in
                if patch["webhook_url"] != nil { try self.checkWebhook(document) }
            }
            return try folder.patch(id, check: check) { _ in patch }
        }
        herald.touch([id])
        switch result {
        case .changed: return
        case .wrongState(let state): throw DeskRefusal.wrongState(id, state, wanted: "be changed")
        case .missing: throw DeskRefusal.noSuchJob(id)
        }
    }

    /// The job's log; empty when there is none.
    public func log(_ id: JobID) async throws -> String {
        try await onDisk { folder in
            guard try folder.state(of: id) != nil else { throw DeskRefusal.noSuchJob(id) }
            return try folder.logText(id)
        }
    }

    /// The job's next change, or its present state where that is no longer what the caller knows.
    ///
    /// - Parameters:
    ///   - isAwaited: whether a view is what the caller waits for.
    ///   - patience: after so long the job is told as it is.
    /// - Returns: the job, and whether it is what was awaited.
    public func wait(
        for id: JobID, patience: Duration, until isAwaited: @Sendable @escaping (JobView) -> Bool
    ) async throws -> (view: JobView, isAwaited: Bool) {
        let events = herald.listen(job: id).events
        let first = try await view(id)
        if isAwaited(first) { return (first, true) }
        let found = await withTaskGroup(of: JobView?.self) { group in
            group.addTask {
                for await event in events {
                    switch event.kind {
                    case .job(let view) where isAwaited(view): return view
                    case .gone: return nil
                    case .job, .queue, .reset, .tick: continue
                    }
                }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        if let found { return (found, true) }
        let last = try await view(id)
        return (last, isAwaited(last))
    }
}
