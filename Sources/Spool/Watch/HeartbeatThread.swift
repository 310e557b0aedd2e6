public import JobCore
import Synchronization

/// Touches the heartbeat files of all running jobs of this process, from one thread that nothing else runs on.
///
/// Invariants:
/// 1. A beat means that this process really runs: it is one system call from a thread without other work.
/// 2. After a silence of `giveUpAfter` or more a job is not touched again; its owner is told to stop instead. Time
///    in which the machine was asleep is no silence: then the monitor slept as well.
/// 3. A token that left `running/` is noticed at the next beat at the latest, at once after `check`.
public final class HeartbeatThread: Sendable {
    /// What a job's owner is told.
    public enum Event: Sendable, Equatable {
        /// The token is no longer in `running/`: canceled, moved, deleted or failed by the monitor.
        case lost
        /// No beat was possible for this long.
        case silent(Duration)
    }

    private struct Beat {
        let lock: any FileLock
        let onEvent: @Sendable (Event) -> Void
        var lastTouch: Duration
        var isOver = false
    }

    private let files: any FileSystem
    private let interval: Duration, giveUpAfter: Duration
    private let beats = Mutex<[JobID: Beat]>([:])
    /// Jobs to look at before the next beat.
    private let wanted = Mutex<Set<JobID>>([])
    private let isStopped = Mutex(false)
    private let pipe: WakePipe

    /// Starts the thread.
    ///
    /// - Parameter policy: gives the interval (default 2 s) and the silence after which a worker gives up.
    public init(files: any FileSystem, policy: Policy) throws(FileError) {
        (self.files, interval, giveUpAfter) = (files, policy.heartbeatInterval, policy.giveUpAfter)
        pipe = try WakePipe()
        try SystemThread.start("heartbeats") { [self] in run() }
    }

    /// Beats for a job until `remove`.
    ///
    /// - Parameter onEvent: called at most once, from the heartbeat thread; must not block.
    public func add(_ id: JobID, lock: any FileLock, onEvent: @escaping @Sendable (Event) -> Void) {
        beats.withLock { $0[id] = Beat(lock: lock, onEvent: onEvent, lastTouch: BootClock.awake()) }
    }

    public func remove(_ id: JobID) {
        beats.withLock { $0[id] = nil }
    }

    /// Looks at the tokens at once, without waiting for the next beat.
    ///
    /// - Parameter ids: jobs that may have left; nil for all. Nothing is done when none of them beats here.
    public func check(_ ids: [JobID]? = nil) {
        let isWanted = beats.withLock { beats in
            let own = ids.map { $0.filter { beats[$0] != nil } } ?? Array(beats.keys)
            wanted.withLock { $0.formUnion(own) }
            return !own.isEmpty
        }
        if isWanted { pipe.wake() }
    }

    /// Ends the thread; no beat after it returns.
    public func stop() {
        isStopped.withLock { $0 = true }
        beats.withLock { $0 = [:] }
        pipe.wake()
    }

    private func run() {
        var nextBeat = BootClock.awake() + interval
        while !isStopped.withLock({ $0 }) {
            let pause = nextBeat - BootClock.awake()
            pipe.wait(milliseconds: Int32(clamping: max(0, pause.milliseconds + 1)))
            let isDue = BootClock.awake() >= nextBeat
            if isDue { nextBeat = BootClock.awake() + interval }
            round(isTouching: isDue)
        }
    }

    private func round(isTouching: Bool) {
        let wanted = wanted.withLock { wanted in
            defer { wanted = [] }
            return wanted
        }
        // The lock is held per job, for one or two system calls: `remove` never waits longer than that.
        for id in isTouching ? beats.withLock({ Array($0.keys) }) : Array(wanted) {
            let report = beats.withLock { beats -> (() -> Void)? in
                guard var beat = beats[id], !beat.isOver else { return nil }
                defer { if beats[id] != nil { beats[id] = beat } }
                let event = look(at: id, &beat, isTouching: isTouching)
                guard let event else { return nil }
                beat.isOver = true
                let onEvent = beat.onEvent
                return { onEvent(event) }
            }
            report?()
        }
    }

    private func look(at id: JobID, _ beat: inout Beat, isTouching: Bool) -> Event? {
        do {
            if try files.status(SpoolLayout.token(id, in: .running)) == nil { return .lost }
        } catch {
            // An error other than "not there" says nothing about the token: the silence below will tell.
        }
        let silence = BootClock.awake() - beat.lastTouch
        if silence >= giveUpAfter { return .silent(silence) }
        guard isTouching else { return nil }
        if (try? beat.lock.touch()) != nil { beat.lastTouch = BootClock.awake() }
        return nil
    }
}
