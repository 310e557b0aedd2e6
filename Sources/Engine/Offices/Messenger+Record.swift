import JobCore
import Logging
import Spool
import Synchronization

/// From what happened to deliveries on the disk.
extension Messenger {
    /// Looks at what was touched, at the disk, and from time to time at everything.
    func record() async {
        let (touched, mustScan) = state.withLock { state in
            defer { state.inbox = Inbox() }
            return (state.inbox.touched, state.inbox.mustScan || state.nextScan <= BootClock.now())
        }
        do {
            if !touched.isEmpty { try await record(touched) }
            if mustScan { await scan() }
            try await lookAtDisk()
        } catch is TooMany {
            state.withLock { $0.nextScan = BootClock.now() + Self.crowdPatience }
        } catch {
            logger.warning("webhooks could not be recorded; trying again", metadata: ["error": "\(error)"])
            state.withLock { state in
                state.inbox.touched.formUnion(touched)
                state.inbox.mustScan = true
            }
            bell.ring(after: Self.patience)
        }
    }

    /// Looks through everything that ended since the last time, and sweeps.
    func scan() async {
        let folder = folder
        guard let book = state.withLock({ $0.book }) else { return }
        let begun = folder.wallTime
        state.withLock { $0.nextScan = BootClock.now() + Self.scanInterval }
        do {
            let ids = try await BlockingWork.run { try folder.jobsEnded(since: book.since) }
            try await record(Set(ids))
            try await change { $0.since = max($0.since, begun) }
            let gone = try await BlockingWork.run { [book = state.withLock { $0.book } ?? book] in
                let leaving = WebhookSweep.leaving(try folder.webhooks(), book, at: begun)
                for id in leaving { try folder.remove(id) }
                return leaving.count
            }
            if gone > 0 { logger.debug("old webhooks removed", metadata: ["count": "\(gone)"]) }
        } catch is TooMany {
            state.withLock { $0.nextScan = BootClock.now() + Self.crowdPatience }
        } catch {
            logger.warning("ended jobs could not be looked through; trying again", metadata: ["error": "\(error)"])
            state.withLock { $0.nextScan = BootClock.now() + Self.patience }
        }
    }

    /// The deliveries of jobs that may have ended; then, when nothing is left to do, that the queue is idle.
    private func record(_ ids: Set<JobID>) async throws {
        let (folder, plan) = (folder, plan)
        guard let book = state.withLock({ $0.book }) else { return }
        try checkRoom()
        let (found, newest, isIdle) = try await BlockingWork.run {
            () throws -> ([WebhookDelivery], (id: JobID, time: Timestamp)?, Bool) in
            var new: [WebhookDelivery] = []
            var newest: (id: JobID, time: Timestamp)?
            for id in ids.sorted() {
                guard let (view, document) = try folder.ending(of: id, since: book.since),
                    let time = document.finishedAt, time >= book.start
                else { continue }
                new += try folder.record(plan.deliveries(of: view, document, book, at: folder.wallTime))
                if newest.map({ ($0.time, $0.id) < (time, id) }) ?? true { newest = (id, time) }
            }
            let isIdle = try newest != nil && folder.ids(in: .queued).isEmpty && folder.ids(in: .running).isEmpty
            return (new, newest, isIdle)
        }
        add(found)
        guard isIdle, let newest, newest.time > book.idleAfter ?? book.start else { return }
        // First the deliveries: whoever is killed in between makes the same ones again.
        let idle = plan.idle(after: newest.id, endedAt: newest.time, book, at: folder.wallTime)
        add(try await BlockingWork.run { try folder.record(idle) })
        try await change { $0.idleAfter = newest.time }
    }

    private func lookAtDisk() async throws {
        let (folder, minimum, plan) = (folder, settings.minimumFree, plan)
        guard minimum > 0, !plan.settings.endpoints.isEmpty, var book = state.withLock({ $0.book }) else { return }
        let space = try await BlockingWork.run { try folder.files.space() }
        if book.note(space, minimum: minimum, at: folder.wallTime) {
            let lowSince = book.lowSince
            try await change { $0.lowSince = lowSince }
        }
        let isNews = state.withLock { state in
            if book.lowSince == nil { state.hasToldLow = false }
            return book.lowSince != nil && !state.hasToldLow
        }
        guard isNews else { return }
        let deliveries = plan.low(space, minimum: minimum, book, at: folder.wallTime)
        add(try await BlockingWork.run { try folder.record(deliveries) })
        state.withLock { $0.hasToldLow = true }
    }

    private func add(_ deliveries: [WebhookDelivery]) {
        state.withLock { state in for delivery in deliveries { enter(delivery, &state) } }
    }

    /// With so many on their way that no more are taken, the ended jobs wait in their folders.
    private struct TooMany: Error {}
    private static let crowdPatience = Duration.seconds(60)

    private func checkRoom() throws {
        let (isFull, isNews) = state.withLock { state in
            let isFull = state.due.count >= WebhookSweep.pendingLimit
            defer { state.hasWarned = isFull }
            return (isFull, isFull && !state.hasWarned)
        }
        if isNews { logger.warning("too many webhooks wait; further ones wait for them") }
        if isFull { throw TooMany() }
    }

    private func change(_ body: (inout WebhookBook) -> Void) async throws {
        let book = state.withLock { state in
            if var book = state.book {
                body(&book)
                state.book = book
            }
            return state.book
        }
        let folder = folder
        if let book { try await BlockingWork.run { try folder.write(book) } }
    }

    // MARK: - For people

    /// Deliveries, newest first.
    func list(limit: Int) async throws -> [WebhookDelivery] {
        let folder = folder
        let all = try await BlockingWork.run { try folder.webhooks() }
        return Array(all.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }.prefix(limit))
    }

    /// Sends a delivery again, from its first try on; its endpoint counts as willing again.
    ///
    /// - Returns: nil when there is no such delivery.
    /// - Throws: `notReady` before `open` has read who wants nothing any more.
    func replay(_ id: WebhookID) async throws -> WebhookDelivery? {
        let folder = folder
        guard state.withLock({ $0.book != nil }) else { throw DeskRefusal.notReady }
        guard var delivery = try await BlockingWork.run({ try folder.webhook(id) }) else { return nil }
        let key = delivery.endpointKey
        let isSending = state.withLock { state in
            state.book?.disabled.removeAll { $0 == key }
            return state.sending[id] != nil
        }
        try await change { _ in }
        guard !isSending else { return delivery }
        delivery.replay(at: folder.wallTime)
        let told = delivery
        try await BlockingWork.run { try folder.update(told) }
        state.withLock { enter(told, &$0) }
        bell.ring()
        return told
    }
}
