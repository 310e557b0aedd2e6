internal import CLinux
import JobCore

/// A thread of the system for libcurl to sleep on; Swift's tasks share too few for that.
enum CurlThread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread that nobody waits for.
    ///
    /// - Returns: false when the user may have no more threads.
    static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        let body = Unmanaged.passRetained(Body(run))
        let result = sp_start_thread(
            { argument in
                guard let argument else { return nil }
                sp_name_thread("http")
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        if result != 0 { body.release() }
        return result == 0
    }
}
