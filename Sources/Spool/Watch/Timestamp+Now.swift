internal import CLinux
import Glibc
public import JobCore

extension Timestamp {
    /// The wall clock.
    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Whether something keeps the machine's clock right, as far as the kernel knows.
    public static var isClockKept: Bool { sp_clock_is_kept() == 1 }
}
