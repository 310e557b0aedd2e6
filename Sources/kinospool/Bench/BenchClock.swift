import Glibc

/// The time for measuring, and waiting by it.
enum BenchClock {
    /// Microseconds since some moment.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    /// Microseconds that a body takes.
    static func time(_ body: () throws -> Void) rethrows -> Double {
        let start = now()
        try body()
        return now() - start
    }

    /// Blocks this thread, which is nobody else's.
    static func pause(milliseconds: Int) { _ = poll(nil, 0, Int32(milliseconds)) }
}
