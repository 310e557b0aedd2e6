import Dispatch
import Glibc
import Synchronization

/// Waits for changes of files and folders instead of for time. Source: inotify(7).
enum ChangeSignal {
    /// Looks at the condition now and after every change.
    ///
    /// - Throws: `CancellationError` when the test's time is over.
    static func wait(for paths: [String], until condition: @escaping @Sendable () throws -> Bool) async throws {
        let isCanceled = Atomic(false)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(with: Result { try listen(paths, isCanceled, condition) })
                }
            }
        } onCancel: {
            isCanceled.store(true, ordering: .releasing)
        }
    }

    private static func listen(
        _ paths: [String], _ isCanceled: borrowing Atomic<Bool>, _ condition: () throws -> Bool
    ) throws {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        defer { close(descriptor) }
        for path in paths { inotify_add_watch(descriptor, path, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO)) }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while try !condition() {
            if isCanceled.load(ordering: .acquiring) { throw CancellationError() }
            var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // The second is for a canceled test only; a change ends it at once.
            poll(&question, 1, 1000)
            while read(descriptor, &buffer, buffer.count) > 0 {}
        }
    }
}
