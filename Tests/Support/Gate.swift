import Glibc
import Synchronization

/// A door that opens once: a thread may wait at it, and a task too. Signals instead of sleeps.
public final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let ends: (read: Int32, write: Int32)

    public init() {
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        self.ends = (ends[0], ends[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    /// Lets everybody through, from now on.
    public func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        var byte: UInt8 = 1
        _ = write(ends.write, &byte, 1)
        waiting.forEach { $0.resume() }
    }

    /// Readable when open, for poll(2).
    public var descriptor: Int32 { ends.read }

    public var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Waits as a task.
    public func passed() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
