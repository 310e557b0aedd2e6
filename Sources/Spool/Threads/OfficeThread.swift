import Glibc
import Synchronization

/// One thread on which several actors run: they may wait for the disk without holding up Swift's own few threads, and
/// passing a job from one to the other wakes nobody (measured: each thread that must be woken adds 60 to 100 µs
/// between a drop and its start). It also sleeps on the folders' events itself, for the same reason.
///
/// A task that prefers this thread also waits in streams here; any other task comes back to its actor by way of Swift's
/// own threads, which wakes two.
///
/// What takes longer than a look at a few files does not belong here, but into `BlockingWork`.
public final class OfficeThread: SerialExecutor, TaskExecutor {
    /// Outlives the executor until its thread has ended.
    private final class Desk: Sendable {
        struct State {
            var waiting: [UnownedJob] = []
            var ear: Ear?
            var isAsleep = false, isClosed = false
        }

        let state = Mutex(State())
        let pipe: WakePipe

        init() throws(FileError) { pipe = try WakePipe() }

        /// Changes the state, and wakes the thread where it sleeps.
        func tell(_ change: (inout State) -> Void) {
            let mustWake = state.withLock { state in
                change(&state)
                defer { state.isAsleep = false }
                return state.isAsleep
            }
            if mustWake { pipe.wake() }
        }
    }

    /// A descriptor to sleep on beside the work, and what to do when there is something to read.
    private struct Ear: Sendable {
        let descriptor: Int32
        let onReadable: @Sendable () -> Void
    }

    private let desk: Desk

    /// - Throws: `EAGAIN` when the user may have no more threads, `EMFILE` when no more open files.
    public init() throws(FileError) {
        desk = try Desk()
        let (desk, executor) = (desk, UnownedExecutor(self))
        try SystemThread.start("offices") { Self.serve(desk, executor) }
    }

    deinit { desk.tell { $0.isClosed = true } }

    /// Called by Swift when a piece of an actor's work is to be done here.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        desk.tell { $0.waiting.append(job) }
    }

    /// Calls the body on this thread whenever the descriptor can be read, until `stopListening`; one at a time.
    func listen(to descriptor: Int32, _ onReadable: @escaping @Sendable () -> Void) {
        desk.tell { $0.ear = Ear(descriptor: descriptor, onReadable: onReadable) }
    }

    func stopListening() { desk.tell { $0.ear = nil } }

    /// The executor as its own thread knows it: while there are jobs, their actors keep it alive.
    private struct UnownedExecutor: Sendable {
        let serial: UnownedSerialExecutor
        let task: UnownedTaskExecutor

        init(_ executor: OfficeThread) {
            (serial, task) = (UnownedSerialExecutor(ordinary: executor), UnownedTaskExecutor(ordinary: executor))
        }
    }

    private static func serve(_ desk: Desk, _ executor: UnownedExecutor) {
        while true {
            let (jobs, ear, isClosed) = desk.state.withLock { state in
                state.isAsleep = state.waiting.isEmpty && !state.isClosed
                defer { state.waiting = [] }
                return (state.waiting, state.ear, state.isClosed)
            }
            if isClosed, jobs.isEmpty { return }
            // Work does not keep the thread from listening: what lies there is heard between two batches.
            let isAsleep = jobs.isEmpty
            if isAsleep || ear != nil {
                let isReadable = desk.pipe.wait(alsoFor: ear?.descriptor, milliseconds: isAsleep ? -1 : 0)
                // What the ear brings into the queue finds the thread awake, and wakes nobody.
                if isAsleep { desk.state.withLock { $0.isAsleep = false } }
                if isReadable { ear?.onReadable() }
            }
            for job in jobs { job.runSynchronously(isolatedTo: executor.serial, taskExecutor: executor.task) }
        }
    }
}
