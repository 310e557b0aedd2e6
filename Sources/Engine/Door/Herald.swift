public import JobCore
import Logging
import Spool
import Synchronization

/// Tells those who listen what happens to jobs. Nobody listens most of the time, and then it does nothing.
///
/// The folders are the truth: it is told ids that may have changed, looks at the files, and tells only what differs
/// from what it told last. A listener that does not keep up is let go of, and may come back.
///
/// Invariants:
/// 1. Who leaves takes no lock. A stream ends while its task is cancelled, under a lock of the runtime that `yield`
///    waits for as well, and `yield` is called under ours: each would wait for the other for ever.
public final class Herald: Sendable {
    /// So many events may wait for one listener.
    static let backlog = 256
    /// So many past events can be told again.
    static let memory = 2048
    /// Progress of running jobs is looked at this often while somebody listens.
    static let progressInterval = Duration.milliseconds(250)
    /// Between two looks.
    static let pace = Duration.milliseconds(15)
    static let tickInterval = Duration.seconds(15)
    /// After the last listener left, events are kept this long for its return.
    static let afterglow = Duration.seconds(300)

    /// So many jobs are remembered as they were told last.
    static let revisionLimit = 20_000

    private struct State {
        var listeners: [Int: Listener] = [:]
        var nextListener = 0
        var sequence = 0
        var past: [DeskEvent] = []
        var touched: Set<JobID> = []
        var isQueueTouched = false
        var revisions: [JobID: String] = [:]
        var queue: QueueFacts?
        var lastHeard: Duration?
        var isClosed = false
    }

    /// One who listens, until the flag says that nobody does any more.
    private struct Listener {
        let job: JobID?
        let continuation: AsyncStream<DeskEvent>.Continuation
        let departure: Departure
    }

    private final class Departure: Sendable {
        let hasCome = Atomic(false)
    }

    private let folder: SpoolFolder
    private let policy: Policy
    private let logger: Logger
    private let state = Mutex(State())
    private let bell = Bell()
    /// Tells one run of the daemon from another in the ids of events.
    public let epoch: String

    init(folder: SpoolFolder, policy: Policy, logger: Logger) {
        (self.folder, self.policy, self.logger) = (folder, policy, logger)
        epoch = String(folder.wallTime.milliseconds, radix: 36)
    }

    /// These jobs may have changed.
    func touch(_ ids: [JobID]) {
        guard !ids.isEmpty else { return }
        let isHeard = state.withLock { state in
            guard Self.isHeard(&state) else { return false }
            state.touched.formUnion(ids)
            state.isQueueTouched = true
            return true
        }
        if isHeard { bell.ring() }
    }

    /// The queue may have been opened or closed.
    func touchQueue() {
        let isHeard = state.withLock { state in
            state.isQueueTouched = true
            return Self.isHeard(&state)
        }
        if isHeard { bell.ring() }
    }

    /// Hints were lost: what was told may be wrong.
    func forgetEverything() {
        state.withLock { state in
            state.revisions = [:]
            state.past = []
            Self.tell(.reset, &state)
        }
    }

    /// Forgets who has left.
    private static func isHeard(_ state: inout State) -> Bool {
        let count = state.listeners.count
        state.listeners = state.listeners.filter { !$0.value.departure.hasCome.load(ordering: .acquiring) }
        if state.listeners.count < count { state.lastHeard = BootClock.now() }
        return !state.listeners.isEmpty || state.lastHeard.map { BootClock.now() - $0 < afterglow } ?? false
    }

    /// Events from now on, and before them those after `sequence`; nil when those are forgotten.
    ///
    /// - Parameters:
    ///   - job: only those of this job, ticks and resets.
    /// - Returns: the stream, and the number of the last event before it.
    public func listen(
        job: JobID? = nil, after sequence: Int? = nil
    ) -> (events: AsyncStream<DeskEvent>, last: Int, missed: [DeskEvent]?) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: DeskEvent.self, bufferingPolicy: .bufferingOldest(Self.backlog))
        let departure = Departure()
        continuation.onTermination = { _ in departure.hasCome.store(true, ordering: .releasing) }
        let (isOpen, last, missed) = state.withLock { state -> (Bool, Int, [DeskEvent]?) in
            let missed = sequence.flatMap { Self.past(after: $0, job: job, in: &state) }
            guard !state.isClosed else { return (false, state.sequence, missed) }
            state.listeners[state.nextListener] = Listener(job: job, continuation: continuation, departure: departure)
            state.nextListener += 1
            return (true, state.sequence, missed)
        }
        if isOpen { bell.ring() } else { continuation.finish() }
        return (stream, last, missed)
    }

    private static func past(after sequence: Int, job: JobID?, in state: inout State) -> [DeskEvent]? {
        guard sequence <= state.sequence, isHeard(&state) else { return nil }
        if sequence < state.sequence {
            guard let first = state.past.first, first.sequence <= sequence + 1 else { return nil }
        }
        return state.past.filter { $0.sequence > sequence && (job == nil || $0.job == job) }
    }

    /// How many listen.
    public var listenerCount: Int {
        state.withLock { state in
            state.listeners.values.count { !$0.departure.hasCome.load(ordering: .acquiring) }
        }
    }

    private static func tell(_ kind: DeskEvent.Kind, _ state: inout State) {
        if case .tick = kind {} else { state.sequence += 1 }
        let event = DeskEvent(sequence: state.sequence, kind: kind)
        if case .tick = kind {
        } else {
            state.past.append(event)
            if state.past.count > memory { state.past.removeFirst(memory / 4) }
        }
        var tooSlow: [Int] = []
        for (number, listener) in state.listeners {
            if let job = listener.job, let about = event.job, job != about { continue }
            if listener.job != nil, case .queue = kind { continue }
            if case .dropped = listener.continuation.yield(event) { tooSlow.append(number) }
        }
        for number in tooSlow { state.listeners.removeValue(forKey: number)?.continuation.finish() }
    }
}

/// The work.
extension Herald {
    /// Works until `stop`.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            for await _ in bell.rings {
                await look()
                try? await Task.sleep(for: Self.pace)
            }
            group.cancelAll()
        }
    }

    /// Ends every stream; those who come later hear nothing.
    func close() {
        let continuations = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return state.listeners.values.map(\.continuation)
        }
        for continuation in continuations { continuation.finish() }
    }

    func stop() {
        close()
        bell.stop()
    }

    private func tick() async {
        while (try? await Task.sleep(for: Self.tickInterval)) != nil {
            state.withLock { state in
                if Self.isHeard(&state), !state.listeners.isEmpty { Self.tell(.tick, &state) }
            }
        }
    }

    private func look() async {
        let (touched, isQueueTouched, isHeard) = state.withLock { state in
            defer {
                state.touched = []
                state.isQueueTouched = false
            }
            let isHeard = Self.isHeard(&state)
            if !isHeard {
                state.revisions = [:]
                state.past = []
            }
            return (state.touched, state.isQueueTouched || state.queue == nil, isHeard)
        }
        guard isHeard else { return }
        let folder = folder
        do {
            let found = try await BlockingWork.run { () throws -> (Set<JobID>, [JobID: JobView], QueueFacts?) in
                let running = try folder.ids(in: .running)
                let ids = touched.union(running)
                var views: [JobID: JobView] = [:]
                for id in ids { views[id] = try folder.view(id) }
                return (ids, views, isQueueTouched ? try folder.queueFacts(running: running.count) : nil)
            }
            tell(found.0, found.1, found.2)
            if found.1.values.contains(where: { $0.state == .running }) { bell.ring(after: Self.progressInterval) }
        } catch {
            state.withLock { $0.touched.formUnion(touched) }
            logger.warning("changes could not be told", metadata: ["error": "\(error)"])
            bell.ring(after: .seconds(1))
        }
    }

    private func tell(_ ids: Set<JobID>, _ views: [JobID: JobView], _ queue: QueueFacts?) {
        let (now, policy) = (folder.wallTime, policy)
        let revisions = views.mapValues { $0.revision(at: now, policy: policy) }
        state.withLock { state in
            // Telling a job twice does no harm, remembering every job for ever would.
            if state.revisions.count > Self.revisionLimit { state.revisions = [:] }
            for id in ids {
                guard let view = views[id] else {
                    state.revisions[id] = nil
                    Self.tell(.gone(id), &state)
                    continue
                }
                guard state.revisions[id] != revisions[id] else { continue }
                state.revisions[id] = revisions[id]
                Self.tell(.job(view), &state)
            }
            if let queue, queue != state.queue {
                state.queue = queue
                Self.tell(.queue(queue), &state)
            }
        }
    }
}

extension SpoolFolder {
    /// How the queue stands, by a look at its folders.
    func queueFacts(running: Int? = nil) throws(FileError) -> QueueFacts {
        var running = running
        if running == nil { running = try ids(in: .running).count }
        return QueueFacts(
            queued: try ids(in: .queued).count, running: running ?? 0, isPaused: try isPaused(),
            isPaidPaused: try arePaidLanesPaused())
    }
}
