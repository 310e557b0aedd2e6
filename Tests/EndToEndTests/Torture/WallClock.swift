import Foundation
import JobCore

/// A wall clock of its own for one program: shifted, and set at any moment, without touching anybody else's.
///
/// A small library in front of libc's answers the calls that ask for the time of day; the clocks since boot, sleeping,
/// and the times that the kernel gives to files stay as they are.
final class WallClock: Sendable {
    private let folder: String
    private let library: String

    /// - Parameter shift: seconds.
    /// - Throws: `config_error` without a C compiler.
    init(shift: Int = 0) throws {
        folder = "\(NSTemporaryDirectory())/kinospool-clock-\(UUID().uuidString)"
        library = "\(folder)/clock.so"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(Self.source.utf8).write(to: URL(filePath: "\(folder)/clock.c"))
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["cc", "-shared", "-fPIC", "-O1", "-o", library, "\(folder)/clock.c"]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw Failure(.configError, "cc could not build the clock.") }
        try set(shift)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Sets the clock of the programs that run with it, from now on.
    ///
    /// - Parameter shift: seconds away from everybody's time.
    func set(_ shift: Int) throws {
        let path = "\(folder)/shift"
        let bytes = withUnsafeBytes(of: Int64(shift)) { Data($0) }
        guard let handle = FileHandle(forWritingAtPath: path) else {
            return try bytes.write(to: URL(filePath: path))
        }
        // In place: the programs look at this very file.
        try handle.write(contentsOf: bytes)
        try handle.close()
    }

    /// What a program is given to live by it.
    var environment: [String: String] { ["LD_PRELOAD": library, "KINOSPOOL_TORTURE_SHIFT": "\(folder)/shift"] }

    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static volatile const int64_t *shift;

        __attribute__((constructor)) static void begin(void) {
            const char *path = getenv("KINOSPOOL_TORTURE_SHIFT");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0) return;
            void *page = mmap(0, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
            close(file);
            if (page != MAP_FAILED) shift = page;
        }

        int clock_gettime(clockid_t clock, struct timespec *time) {
            int result = syscall(SYS_clock_gettime, clock, time);
            if (result == 0 && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                time->tv_sec += *shift;
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
