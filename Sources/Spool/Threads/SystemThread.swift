internal import CLinux

/// A thread of the system, for work that sleeps in the kernel; Swift's tasks share too few threads for that.
enum SystemThread {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) { (self.name, self.run) = (name, run) }
    }

    /// Starts a thread that nobody waits for.
    ///
    /// - Parameter name: at most 15 bytes of it are shown by top(1).
    /// - Throws: `EAGAIN` when the user may have no more threads.
    static func start(_ name: String, _ run: @escaping @Sendable () -> Void) throws(FileError) {
        let body = Unmanaged.passRetained(Body(name: name, run: run))
        let result = sp_start_thread(
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                sp_name_thread(body.name)
                body.run()
                return nil
            }, body.toOpaque())
        guard result == 0 else {
            body.release()
            throw FileError(result, "pthread_create", "")
        }
    }
}
