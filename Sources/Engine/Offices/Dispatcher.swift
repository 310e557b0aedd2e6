import JobCore
import Logging
import Spool

/// Starts queued jobs: the right one next, as many as each lane has slots, none while the queue is paused.
actor Dispatcher {
    private let thread: OfficeThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// A job whose lock is busy is tried again after this, doubling up to a second.
    static let busyDelay = Duration.milliseconds(2)
    static let longestBusyDelay = Duration.seconds(1)
    /// Free space is asked for at most this often.
    static let diskInterval = Duration.seconds(1)
    /// So long nothing starts after a disk has refused a claim because it is full or read-only.
    static let refusalPause = Duration.seconds(5)

    private let workshop: Workshop
    private let slots: [Lane: Int]
    private let minimumFree: Int64
    private let onEnd: @Sendable (JobID, Worker.Outcome) async -> Void
    private let bell = Bell()

    private var queue = ReadyQueue()
    private var attempts: [JobID: AsyncStream<AttemptEvent>.Continuation] = [:]
    /// Jobs that came back to `queued/` before the attempt that they left was over.
    private var returned: [JobID: ReadyQueue.Entry] = [:]
    private var busyLanes: [Lane: Int] = [:]
    private var busyDelays: [JobID: Duration] = [:]
    private var isPaused = false, isDraining = false, isDiskFull = false
    private var lastDiskCheck: Duration?, lastRefusal: Duration?
    private var closedLanes: Set<Lane> = []
    /// Jobs that this process ended.
    private(set) var doneCount = 0, failedCount = 0

    /// - Parameters:
    ///   - minimumFree: below this many free bytes nothing new starts.
    ///   - onEnd: told of every attempt that is over.
    init(
        on thread: OfficeThread, workshop: Workshop, slots: [Lane: Int], minimumFree: Int64,
        onEnd: @escaping @Sendable (JobID, Worker.Outcome) async -> Void
    ) {
        (self.thread, self.workshop, self.slots) = (thread, workshop, slots)
        (self.minimumFree, self.onEnd) = (minimumFree, onEnd)
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
                checkDisk()
                for (entry, events) in startable() {
                    switch claim(entry) {
                    case .success(let job): group.addTask { await self.work(entry, job, events) }
                    case .failure(let miss): await end(entry, miss.outcome)
                    }
                }
                if isDraining, attempts.isEmpty { break }
                ringLater()
            }
        }
    }

    /// Stops starting, and tells every attempt to give its job back.
    func drain() {
        isDraining = true
        workshop.stopping.begin()
        for continuation in attempts.values { continuation.yield(.shutdown) }
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
            switch try folder.claim(id, owner: workshop.owner) {
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

    private func work(_ entry: ReadyQueue.Entry, _ job: ClaimedJob, _ events: AsyncStream<AttemptEvent>) async {
        guard let continuation = attempts[entry.id] else { return }
        let outcome = await Worker(workshop).run(job, lane: entry.lane, events: events) { continuation.yield($0) }
        await end(entry, outcome)
    }

    private func end(_ entry: ReadyQueue.Entry, _ outcome: Worker.Outcome) async {
        let id = entry.id
        attempts[id]?.finish()
        attempts[id] = nil
        busyLanes[entry.lane, default: 1] -= 1
        switch outcome {
        case .ended(.done): doneCount += 1
        case .ended(.failed): failedCount += 1
        case .ended, .requeued, .gone, .busy: break
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

    /// Takes from the queue what may start now.
    private func startable() -> [(ReadyQueue.Entry, AsyncStream<AttemptEvent>)] {
        guard !isPaused, !isDraining, !isDiskFull, !isRefused else { return [] }
        var started: [(ReadyQueue.Entry, AsyncStream<AttemptEvent>)] = []
        let now = workshop.folder.wallTime
        for lane in Lane.allCases where !closedLanes.contains(lane) {
            while busyLanes[lane, default: 0] < slots[lane] ?? lane.defaultSlots,
                let entry = queue.next(in: lane, now: now)
            {
                let (events, continuation) = AsyncStream.makeStream(of: AttemptEvent.self)
                attempts[entry.id] = continuation
                busyLanes[lane, default: 0] += 1
                started.append((entry, events))
            }
        }
        return started
    }

    private var isRefused: Bool { lastRefusal.map { BootClock.now() - $0 < Self.refusalPause } ?? false }

    private func checkDisk() {
        let now = BootClock.now()
        guard minimumFree > 0, lastDiskCheck.map({ now - $0 >= Self.diskInterval }) ?? true else { return }
        lastDiskCheck = now
        let free = try? workshop.folder.files.space().freeBytes
        let isFull = free.map { $0 < minimumFree } ?? false
        if isFull != isDiskFull {
            workshop.logger.warning(
                isFull ? "disk below KINOSPOOL_MIN_FREE: nothing new starts" : "disk has room again",
                metadata: ["free_bytes": "\(free ?? 0)"])
        }
        isDiskFull = isFull
    }

    /// The next delayed job's moment is by the wall clock, which may jump: never sleeps longer than a minute on it.
    private func ringLater() {
        if let moment = queue.nextMoment() {
            let wait = moment.milliseconds - workshop.folder.wallTime.milliseconds
            bell.ring(after: .milliseconds(min(max(wait, 1), 60_000)))
        }
        if isDiskFull || isRefused { bell.ring(after: Self.refusalPause) }
    }
}
