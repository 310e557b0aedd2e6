import Backends
import JobCore
import Logging
import Spool
import Synchronization

/// Starts queued jobs: the right one next, as many as each lane has slots, none while the queue is paused.
actor Dispatcher {
    private let thread: OfficeThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// A job whose lock is busy is tried again after this, doubling up to a second.
    static let busyDelay = Duration.milliseconds(2)
    static let longestBusyDelay = Duration.seconds(1)
    /// Free space is asked for at most this often, and at least that often while something runs that fills the disk.
    static let diskInterval = Duration.seconds(1), longestDiskInterval = Duration.seconds(5)
    /// So long nothing starts after a disk has refused a claim because it is full or read-only.
    static let refusalPause = Duration.seconds(5)

    private let workshop: Workshop
    private let slots: [Lane: Int]
    private let diskGuard: DiskGuard
    private let freeBytes: @Sendable () -> Int64?
    private let onEnd: nonisolated(nonsending) @Sendable (JobID, Worker.Outcome) async -> Void
    private let bell = Bell()

    private var queue = ReadyQueue()
    private var attempts: [JobID: Attempt] = [:]
    private var attemptCount = 0
    /// Claimed, or missed, and not told to the loop yet.
    private var starts: [(Start, Result<ClaimedJob, Miss>)] = []
    /// Jobs that came back to `queued/` before the attempt that they left was over.
    private var returned: [JobID: ReadyQueue.Entry] = [:]
    private var busyLanes: [Lane: Int] = [:]
    /// Attempts whose backend is over while their ending waits for the disk: they use no slot any more, so the next
    /// jobs start meanwhile. Told by the attempts themselves, from any thread.
    private let endings = Mutex<[Lane: Set<JobID>]>([:])
    private var busyDelays: [JobID: Duration] = [:]
    private var isPaused = false, isDraining = false
    private var disk = DiskGuard.Verdict.open
    private var lastDiskCheck: Duration?, lastStop: Duration?, lastRefusal: Duration?
    private var closedLanes: Set<Lane> = []
    /// Jobs that this process ended.
    private(set) var doneCount = 0, failedCount = 0

    /// - Parameters:
    ///   - diskGuard: what low disks allow.
    ///   - freeBytes: what the spool's disk still takes; nil where that cannot be known.
    ///   - onEnd: told of every attempt that is over.
    init(
        on thread: OfficeThread, workshop: Workshop, slots: [Lane: Int], diskGuard: DiskGuard,
        freeBytes: @escaping @Sendable () -> Int64?,
        onEnd: nonisolated(nonsending) @escaping @Sendable (JobID, Worker.Outcome) async -> Void
    ) {
        (self.thread, self.workshop, self.slots) = (thread, workshop, slots)
        (self.diskGuard, self.freeBytes, self.onEnd) = (diskGuard, freeBytes, onEnd)
    }

    /// Nothing waits and nothing runs.
    var isIdle: Bool { attempts.isEmpty && queue.isEmpty }

    /// True while the job waits here or runs in this process.
    func knows(_ id: JobID) -> Bool { attempts[id] != nil || queue.contains(id) }

    func offer(_ entries: [ReadyQueue.Entry]) {
        let now = workshop.folder.wallTime
        for entry in entries {
            if attempts[entry.id] == nil { queue.offer(entry, now: now) } else { returned[entry.id] = entry }
        }
        // Here and now: whoever stands before the loop's next turn would make the first of them wait.
        claimNext()
        bell.ring()
    }

    func withdraw(_ id: JobID) {
        queue.withdraw(id)
        returned[id] = nil
    }

    func setPaused(_ paused: Bool) {
        isPaused = paused
        bell.ring()
    }

    /// Lanes that stay closed until a person resumes: the paid ones of a restored copy.
    func close(_ lanes: Set<Lane>) {
        closedLanes = lanes
        bell.ring()
    }

    /// Runs jobs until `drain`; returns when the last attempt is over.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await _ in bell.rings {
                claimNext()
                let batch = starts
                starts = []
                for (start, claim) in batch {
                    switch claim {
                    case .success(let job): group.addTask { await self.work(start, job) }
                    case .failure(let miss): await end(start.entry, miss.outcome)
                    }
                }
                if isDraining, attempts.isEmpty { break }
                ringLater()
            }
        }
    }

    /// Goes on with a running job whose work goes on elsewhere; it needs no slot to be free, for it costs none here.
    func attach(_ id: JobID) {
        guard !isDraining, attempts[id] == nil else { return }
        let (folder, owner) = (workshop.folder, workshop.owner)
        do {
            guard let job = try folder.attach(id, owner: owner) else { return }
            try? folder.log("attempt \(job.attempt) taken up again", id)
            let entry = ReadyQueue.Entry(
                id: id, lane: .runpod, priority: job.request.priority,
                createdAt: job.document.createdAt ?? job.run.startedAt)
            starts.append((start(entry), .success(job)))
            bell.ring()
        } catch {
            workshop.logger.error(
                "job could not be taken up again", metadata: ["job.id": "\(id)", "error": "\(error)"])
        }
    }

    private func start(_ entry: ReadyQueue.Entry) -> Start {
        let (events, continuation) = AsyncStream.makeStream(of: AttemptEvent.self)
        attemptCount += 1
        attempts[entry.id] = Attempt(lane: entry.lane, number: attemptCount, events: continuation)
        busyLanes[entry.lane, default: 0] += 1
        return Start(entry: entry, events: events, continuation: continuation)
    }

    /// Claims what may start now.
    private func claimNext() {
        checkDisk()
        for start in startable() { starts.append((start, claim(start.entry))) }
    }

    /// Stops starting, and tells every attempt to give its job back.
    func drain() {
        isDraining = true
        workshop.stopping.begin()
        for attempt in attempts.values { attempt.events.yield(.shutdown) }
        bell.ring()
    }

    /// Why a job that seemed ready was not claimed.
    private struct Miss: Error {
        let outcome: Worker.Outcome
    }

    /// The claim itself, at once and on this thread: nothing lies between the decision to start and the rename.
    private func claim(_ entry: ReadyQueue.Entry) -> Result<ClaimedJob, Miss> {
        let (folder, logger, id) = (workshop.folder, workshop.logger, entry.id)
        // The others of this round would be refused as well.
        guard !isRefused else { return .failure(Miss(outcome: .busy)) }
        do {
            let backend = workshop.registry.backend(for: entry.lane)
            switch try folder.claim(id, owner: workshop.owner, isWriting: { backend?.isWriting($0.work) ?? true }) {
            case .claimed(let job):
                // A line for people; losing one loses nothing.
                try? folder.log("attempt \(job.attempt) started (\(entry.lane.rawValue))", id)
                return .success(job)
            case .busy: return .failure(Miss(outcome: .busy))
            case .gone: return .failure(Miss(outcome: .gone))
            case .refused(let failure):
                logger.warning("job refused", metadata: ["job.id": "\(id)", "error": "\(failure)"])
                return .failure(Miss(outcome: .ended(.failed)))
            }
        } catch {
            logger.error("claim failed", metadata: ["job.id": "\(id)", "error": "\(error)"])
            if error.isFull || error.isReadOnly { lastRefusal = BootClock.now() }
            return .failure(Miss(outcome: .busy))
        }
    }

    /// A whole attempt, away from this thread until its end.
    private nonisolated func work(_ start: Start, _ job: ClaimedJob) async {
        let worker = Worker(workshop) { [self] in backendEnded(start.entry) }
        let outcome = await worker.run(job, lane: start.entry.lane, events: start.events) {
            start.continuation.yield($0)
        }
        await end(start.entry, outcome)
    }

    private nonisolated func backendEnded(_ entry: ReadyQueue.Entry) {
        endings.withLock { _ = $0[entry.lane, default: []].insert(entry.id) }
        bell.ring()
    }

    private func end(_ entry: ReadyQueue.Entry, _ outcome: Worker.Outcome) async {
        let id = entry.id
        attempts[id]?.events.finish()
        attempts[id] = nil
        endings.withLock { _ = $0[entry.lane]?.remove(id) }
        busyLanes[entry.lane, default: 1] -= 1
        switch outcome {
        case .ended(.done): doneCount += 1
        case .ended(.failed): failedCount += 1
        case .ended, .requeued, .gone, .busy, .detached: break
        }
        if outcome == .busy { offerAgain(entry) } else { busyDelays[id] = nil }
        if let entry = returned.removeValue(forKey: id) { queue.offer(entry, now: workshop.folder.wallTime) }
        await onEnd(id, outcome)
        bell.ring()
    }

    /// A lock is held for a blink by a submit or a recovery, for seconds by an attempt that is being stopped. Nothing
    /// in the folders changes when it becomes free, so the job stays on the list, behind those that can start now.
    private func offerAgain(_ entry: ReadyQueue.Entry) {
        let delay = busyDelays[entry.id] ?? Self.busyDelay
        busyDelays[entry.id] = min(delay * 2, Self.longestBusyDelay)
        let now = workshop.folder.wallTime
        queue.offer(entry.delayed(until: now.advanced(byMilliseconds: delay.milliseconds)), now: now)
    }

    /// A job that is about to start, and the way to it.
    private struct Start: Sendable {
        let entry: ReadyQueue.Entry
        let events: AsyncStream<AttemptEvent>
        let continuation: AsyncStream<AttemptEvent>.Continuation
    }

    /// What runs now.
    private struct Attempt {
        let lane: Lane
        /// Later ones have higher numbers.
        let number: Int
        let events: AsyncStream<AttemptEvent>.Continuation
        var isToldToStop = false
    }

    /// Takes from the queue what may start now.
    private func startable() -> [Start] {
        guard !isPaused, !isDraining, disk == .open, !isRefused else { return [] }
        var started: [Start] = []
        let now = workshop.folder.wallTime
        let endings = endings.withLock { $0.mapValues(\.count) }
        for lane in Lane.allCases where !closedLanes.contains(lane) {
            // As many may end as may run: where the disk takes no endings, no more jobs pile up before it.
            let slots = slots[lane] ?? lane.defaultSlots
            let limit = slots + min(endings[lane] ?? 0, slots)
            while busyLanes[lane, default: 0] < limit, let entry = queue.next(in: lane, now: now) {
                started.append(start(entry))
            }
        }
        return started
    }

    private var isRefused: Bool { lastRefusal.map { BootClock.now() - $0 < Self.refusalPause } ?? false }

    private func checkDisk() {
        let now = BootClock.now()
        guard diskGuard.isOn, lastDiskCheck.map({ now - $0 >= Self.diskInterval }) ?? true else { return }
        lastDiskCheck = now
        let free = freeBytes()
        let verdict = free.map(diskGuard.verdict) ?? .open
        if (verdict == .open) != (disk == .open) {
            workshop.logger.warning(
                verdict == .open
                    ? "disk has room again" : "disk below KINOSPOOL_MIN_FREE: nothing new starts",
                metadata: ["free_bytes": "\(free ?? 0)"])
        }
        disk = verdict
        if verdict == .stop, let free { stopLatest(free) }
    }

    /// Stops what began last of all that fills the disk: the others may be nearly done. Another look tells whether that
    /// was enough.
    private func stopLatest(_ free: Int64) {
        let now = BootClock.now()
        // What is told to stop takes a moment to do so, and to give back its room.
        guard lastStop.map({ now - $0 >= Self.longestDiskInterval }) ?? true else { return }
        let filling = attempts.filter { $0.value.lane.fillsTheDisk && !$0.value.isToldToStop }
        guard let (id, attempt) = filling.max(by: { $0.value.number < $1.value.number }) else { return }
        lastStop = now
        workshop.logger.warning(
            "disk nearly full: job stopped", metadata: ["job.id": "\(id)", "free_bytes": "\(free)"])
        attempts[id]?.isToldToStop = true
        attempt.events.yield(.stop(DiskGuard.stopped(free: free)))
    }

    /// The next delayed job's moment is by the wall clock, which may jump: never sleeps longer than a minute on it.
    private func ringLater() {
        if let moment = queue.nextMoment() {
            let wait = moment.milliseconds - workshop.folder.wallTime.milliseconds
            bell.ring(after: .milliseconds(min(max(wait, 1), 60_000)))
        }
        if disk != .open || isRefused { bell.ring(after: Self.refusalPause) }
        if diskGuard.isOn, attempts.values.contains(where: \.lane.fillsTheDisk) {
            bell.ring(after: Self.longestDiskInterval)
        }
    }
}
