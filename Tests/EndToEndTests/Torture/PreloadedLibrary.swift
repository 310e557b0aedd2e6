import Foundation
import JobCore

/// A small library in front of libc's for programs under test, and a number that it may look at whenever it likes.
final class PreloadedLibrary: Sendable {
    private let folder: String
    private var library: String { "\(folder)/library.so" }

    /// - Parameters:
    ///   - source: C; sees the number as `*number`, which is null where the program was not given it.
    /// - Throws: `config_error` without a C compiler.
    init(_ source: String, number: Int = 0) throws {
        folder = "\(NSTemporaryDirectory())/kinospool-library-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data((Self.beginning + source).utf8).write(to: URL(filePath: "\(folder)/library.c"))
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["cc", "-shared", "-fPIC", "-O1", "-o", library, "\(folder)/library.c"]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw Failure(.configError, "cc could not build a library.") }
        try set(number)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Changes the number, also for programs that run.
    func set(_ number: Int) throws {
        let path = "\(folder)/number"
        let bytes = withUnsafeBytes(of: Int64(number)) { Data($0) }
        guard let handle = FileHandle(forWritingAtPath: path) else {
            return try bytes.write(to: URL(filePath: path))
        }
        // In place: the programs look at this very file.
        try handle.write(contentsOf: bytes)
        try handle.close()
    }

    /// What a program is given to run with it.
    var environment: [String: String] { ["LD_PRELOAD": library, "KINOSPOOL_TORTURE_NUMBER": "\(folder)/number"] }

    private static let beginning = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <unistd.h>

        static volatile const int64_t *number;

        __attribute__((constructor)) static void begin(void) {
            const char *path = getenv("KINOSPOOL_TORTURE_NUMBER");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0) return;
            void *page = mmap(0, sizeof *number, PROT_READ, MAP_SHARED, file, 0);
            close(file);
            if (page != MAP_FAILED) number = page;
        }

        """
}
