import Dispatch
import Synchronization

/// A few threads for calls that block. They are made when all others are busy, and stay.
///
/// Dispatch's own pool has as many threads as the machine has cores: on two cores, two calls that wait for the disk
/// would hold up everything else.
final class ThreadPool: Sendable {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var threads = 0
        /// Threads that wait for work, less the work that waits for them.
        var spare = 0
    }

    private let name: String
    private let limit: Int
    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)

    /// - Parameter limit: at most this many threads.
    init(name: String, limit: Int) { (self.name, self.limit) = (name, limit) }

    /// Runs the body soon, in the order of the calls.
    func run(_ body: @escaping @Sendable () -> Void) {
        let mustGrow = state.withLock { state -> Bool in
            state.work.append(body)
            state.spare -= 1
            guard state.spare < 0, state.threads < limit else { return false }
            state.threads += 1
            state.spare += 1
            return true
        }
        if mustGrow { grow() }
        bell.signal()
    }

    private func grow() {
        do {
            try SystemThread.start(name) { [self] in serve() }
        } catch {
            // No thread to be had: what waits is done by those there are, or by the caller's where there are none.
            let isAlone = state.withLock { state -> Bool in
                state.threads -= 1
                state.spare -= 1
                return state.threads == 0
            }
            if isAlone { DispatchQueue.global().async { [self] in takeOne() } }
        }
    }

    private func serve() {
        while true {
            bell.wait()
            takeOne()
            state.withLock { $0.spare += 1 }
        }
    }

    private func takeOne() {
        let body = state.withLock { $0.work.isEmpty ? nil : $0.work.removeFirst() }
        body?()
    }
}
