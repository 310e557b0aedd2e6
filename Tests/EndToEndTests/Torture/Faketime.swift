import Foundation

/// libfaketime(3): another time for one program, without touching anybody's clock.
enum Faketime {
    private static let library = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib/faketime"]
        .flatMap { ["\($0)/faketime/libfaketimeMT.so.1", "\($0)/libfaketimeMT.so.1"] }
        .first { FileManager.default.fileExists(atPath: $0) }

    /// Whether Debian's `libfaketime` is there.
    static var isPresent: Bool { library != nil }

    /// The environment in which the wall clock is shifted; the clocks since boot and the files' own times stay.
    ///
    /// - Parameter shift: as faketime(1) takes it, for example `+2h` or `-1d`.
    static func environment(_ shift: String) -> [String: String] {
        guard let library else { return [:] }
        return [
            "LD_PRELOAD": library, "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        ]
    }

    /// The environment in which the wall clock follows a file, which may be rewritten at any moment.
    static func environment(following file: String) -> [String: String] {
        var environment = environment("+0")
        environment["FAKETIME"] = nil
        environment["FAKETIME_TIMESTAMP_FILE"] = file
        environment["FAKETIME_NO_CACHE"] = "1"
        return environment
    }
}
