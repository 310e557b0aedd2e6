import Foundation

/// A wall clock of its own for one program: shifted, and set at any moment, without touching anybody else's.
///
/// A small library in front of libc's answers the calls that ask for the time of day; the clocks since boot, sleeping,
/// and the times that the kernel gives to files stay as they are.
final class WallClock: Sendable {
    private let library: PreloadedLibrary

    /// - Parameter shift: seconds.
    /// - Throws: `config_error` without a C compiler.
    init(shift: Int = 0) throws { library = try PreloadedLibrary(Self.source, number: shift) }

    /// Sets the clock of the programs that run with it, from now on.
    ///
    /// - Parameter shift: seconds away from everybody's time.
    func set(_ shift: Int) throws { try library.set(shift) }

    /// What a program is given to live by it.
    var environment: [String: String] { library.environment }

    private static let source = """
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>

        int clock_gettime(clockid_t clock, struct timespec *time) {
            int result = syscall(SYS_clock_gettime, clock, time);
            if (result == 0 && number && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                time->tv_sec += *number;
            return result;
        }

        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            struct timespec now;
            (void)zone;
            if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }

        time_t time(time_t *result) {
            struct timespec now;
            if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
            if (result) *result = now.tv_sec;
            return now.tv_sec;
        }

        """
}
