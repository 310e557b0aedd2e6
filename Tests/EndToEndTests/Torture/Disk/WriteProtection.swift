/// A switch that makes every disk read-only for some programs, and writable again, while they run.
///
/// A disk cannot be remounted read-only while a file on it is open for writing, as the daemon's own lock always is: so
/// the calls are answered as such a disk would.
final class WriteProtection: Sendable {
    private let library: PreloadedLibrary

    init() throws { library = try PreloadedLibrary(Self.source) }

    /// Switches it on or off.
    func set(_ isOn: Bool) throws { try library.set(isOn ? 1 : 0) }

    /// What a program is given to live under it.
    var environment: [String: String] { library.environment }

    private static let source = """
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdarg.h>
        #include <sys/stat.h>

        static int is_protected(void) {
            if (!number || !*number) return 0;
            errno = EROFS;
            return 1;
        }

        #define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

        int openat(int folder, const char *path, int flags, ...) {
            va_list rest;
            va_start(rest, flags);
            int mode = flags & O_CREAT ? va_arg(rest, int) : 0;
            va_end(rest);
            if ((flags & (O_ACCMODE | O_CREAT)) && is_protected()) return -1;
            return NEXT(openat)(folder, path, flags, mode);
        }

        int renameat2(int old_folder, const char *old, int new_folder, const char *new, unsigned flags) {
            return is_protected() ? -1 : NEXT(renameat2)(old_folder, old, new_folder, new, flags);
        }

        int linkat(int old_folder, const char *old, int new_folder, const char *new, int flags) {
            return is_protected() ? -1 : NEXT(linkat)(old_folder, old, new_folder, new, flags);
        }

        int symlinkat(const char *target, int folder, const char *path) {
            return is_protected() ? -1 : NEXT(symlinkat)(target, folder, path);
        }

        int unlinkat(int folder, const char *path, int flags) {
            return is_protected() ? -1 : NEXT(unlinkat)(folder, path, flags);
        }

        int mkdirat(int folder, const char *path, mode_t mode) {
            return is_protected() ? -1 : NEXT(mkdirat)(folder, path, mode);
        }

        int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
            return is_protected() ? -1 : NEXT(utimensat)(folder, path, times, flags);
        }

        int futimens(int file, const struct timespec times[2]) {
            return is_protected() ? -1 : NEXT(futimens)(file, times);
        }

        """
}
