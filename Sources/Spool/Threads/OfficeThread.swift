import Dispatch
import Synchronization

/// One thread on which several actors run: they may wait for the disk without holding up Swift's own few threads, and
/// passing a job from one to the other wakes nobody (measured: each thread that must be woken adds 60 to 100 µs
/// between a drop and its start).
///
/// What takes longer than a look at a few files does not belong here, but into `BlockingWork`.
public final class OfficeThread: SerialExecutor {
    /// Outlives the executor until its thread has ended.
    private final class Desk: Sendable {
        let jobs = Mutex<(waiting: [UnownedJob], isClosed: Bool)>(([], false))
        let bell = DispatchSemaphore(value: 0)
    }

    private let desk = Desk()

    /// - Throws: `EAGAIN` when the user may have no more threads.
    public init() throws(FileError) {
        let (desk, executor) = (desk, UnownedExecutor(self))
        try SystemThread.start("offices") { Self.serve(desk, executor) }
    }

    deinit {
        desk.jobs.withLock { $0.isClosed = true }
        desk.bell.signal()
    }

    /// Called by Swift when a piece of an actor's work is to be done here.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        desk.jobs.withLock { $0.waiting.append(job) }
        desk.bell.signal()
    }

    /// The executor as its own thread knows it: while there are jobs, their actors keep it alive.
    private struct UnownedExecutor: Sendable {
        let reference: UnownedSerialExecutor

        init(_ executor: OfficeThread) { reference = UnownedSerialExecutor(ordinary: executor) }
    }

    private static func serve(_ desk: Desk, _ executor: UnownedExecutor) {
        while true {
            desk.bell.wait()
            let (jobs, isClosed) = desk.jobs.withLock { desk in
                defer { desk.waiting = [] }
                return (desk.waiting, desk.isClosed)
            }
            // One ring may have been answered with the batch before.
            for job in jobs { job.runSynchronously(on: executor.reference) }
            if isClosed, jobs.isEmpty { return }
        }
    }
}
