internal import CCurl
import JobCore
import Synchronization

/// libcurl's multi handle and the one thread that touches it.
///
/// Invariants:
/// 1. All of libcurl but `cc_multi_wakeup` is called on that thread alone.
/// 2. Every transfer that was added is finished exactly once: by libcurl, by `cancel`, or by `stop`.
/// 3. A cancel is carried out at once, whatever the transfer waits for.
///
/// The thread starts with the first transfer, sleeps in poll(2) between events, and ends after `stop`.
final class CurlLoop: Sendable {
    private enum Command {
        case add(CurlTransfer)
        case cancel(CurlTransfer)
    }

    private struct State {
        var commands: [Command] = []
        var multi: MultiHandle?
        var isStopped = false
    }

    /// libcurl's handle: freed when neither thread nor loop needs it, so that a late wake-up hits no freed memory.
    // @unchecked: the pointer never changes; libcurl allows `cc_multi_wakeup` from any thread, invariant 1 is the rest.
    private final class MultiHandle: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer

        init?() {
            guard let pointer = cc_multi_new() else { return nil }
            self.pointer = UnsafeMutableRawPointer(pointer)
        }

        deinit { cc_multi_free(pointer) }
    }

    private let state = Mutex(State())

    /// Takes a transfer over; it is told its end.
    func add(_ transfer: CurlTransfer) {
        if let problem = give(.add(transfer)) { transfer.finish(.failure(problem)) }
    }

    /// Ends a transfer that may be running, not yet begun, or over.
    func cancel(_ transfer: CurlTransfer) { _ = give(.cancel(transfer)) }

    /// Ends all transfers and the thread.
    func stop() {
        let multi = state.withLock { state in
            state.isStopped = true
            return state.multi
        }
        if let multi { _ = cc_multi_wakeup(multi.pointer) }
    }

    private func give(_ command: Command) -> HTTPFailure? {
        let answer = state.withLock { state -> Result<MultiHandle, HTTPFailure> in
            guard !state.isStopped else {
                return .failure(HTTPFailure(.cancelled, .preparing, "The HTTP client was closed."))
            }
            let multi = state.multi.map { .success($0) } ?? start()
            guard case .success(let handle) = multi else { return multi }
            state.multi = handle
            state.commands.append(command)
            return multi
        }
        switch answer {
        case .failure(let problem): return problem
        case .success(let multi):
            _ = cc_multi_wakeup(multi.pointer)
            return nil
        }
    }

    private func start() -> Result<MultiHandle, HTTPFailure> {
        func failure(_ text: String) -> Result<MultiHandle, HTTPFailure> {
            .failure(HTTPFailure(.unusable, .preparing, text))
        }
        if let problem = cc_load() { return failure("\(String(cString: problem)); Debian has it in libcurl4.") }
        guard let multi = MultiHandle() else { return failure("libcurl has no memory.") }
        // Where it found no descriptors for its wake-up the thread would sleep through everything.
        guard cc_multi_wakeup(multi.pointer) == CURLM_OK else { return failure("libcurl has no descriptors left.") }
        guard CurlThread.start({ [self] in run(multi) }) else { return failure("No thread could be started.") }
        return .success(multi)
    }

    // MARK: - On the thread

    private func run(_ multi: MultiHandle) {
        var running: [UnsafeMutableRawPointer: CurlTransfer] = [:]
        while true {
            let (commands, isStopped) = state.withLock { state in
                defer { state.commands = [] }
                return (state.commands, state.isStopped)
            }
            for command in commands { carryOut(command, multi, &running) }
            if isStopped {
                for transfer in running.values { end(transfer, multi, &running, cancelled: true) }
                return
            }
            var count: Int32 = 0
            _ = cc_multi_perform(multi.pointer, &count)
            var code = CURLE_OK
            while let easy = cc_multi_ended(multi.pointer, &code) {
                guard let transfer = running.removeValue(forKey: easy) else { continue }
                _ = cc_multi_remove(multi.pointer, easy)
                transfer.conclude(code)
            }
            // libcurl's own timers cut this short; 10 min is for a loop with nothing to do.
            _ = cc_multi_poll(multi.pointer, 600_000)
        }
    }

    private func carryOut(
        _ command: Command, _ multi: MultiHandle, _ running: inout [UnsafeMutableRawPointer: CurlTransfer]
    ) {
        switch command {
        case .cancel(let transfer): end(transfer, multi, &running, cancelled: true)
        case .add(let transfer):
            guard !transfer.isCancelled else { return transfer.conclude(cancelled: true) }
            guard let easy = transfer.prepare() else { return transfer.conclude(cancelled: false) }
            guard cc_multi_add(multi.pointer, easy) == CURLM_OK else { return transfer.conclude(CURLE_OUT_OF_MEMORY) }
            running[easy] = transfer
        }
    }

    private func end(
        _ transfer: CurlTransfer, _ multi: MultiHandle, _ running: inout [UnsafeMutableRawPointer: CurlTransfer],
        cancelled: Bool
    ) {
        guard let easy = transfer.handle, running.removeValue(forKey: easy) != nil else { return }
        _ = cc_multi_remove(multi.pointer, easy)
        transfer.conclude(cancelled: cancelled)
    }
}
