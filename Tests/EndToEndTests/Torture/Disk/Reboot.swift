import Foundation

/// A daemon on a spool after the machine was switched on anew.
enum Reboot {
    /// Works until the queue is empty; prints the exit code.
    private static let script = #"""
        mount --bind another-boot /proc/sys/kernel/random/boot_id
        KINOSPOOL_MIN_FREE=0 "$1" -C "$2" serve --once
        echo $?
        """#

    /// Lets a daemon of another boot make everything whole and run what is left.
    ///
    /// - Parameter spool: absolute path.
    /// - Returns: what is wrong with how it ended; empty when all is well.
    static func serve(_ spool: String, on desk: Desk) async throws -> [String] {
        try desk.write("serve.sh", script)
        let status = try await desk.shell(
            """
            cat /proc/sys/kernel/random/uuid > another-boot
            timeout 120 unshare -m bash serve.sh '\(Program.path)' '\(spool)' 2>serve.log
            """
        ).trimmingCharacters(in: .newlines)
        guard !["0", "4"].contains(status) else { return [] }
        return ["serve ended with \(status): \(desk.read("\(desk.folder)/serve.log")?.suffix(3000) ?? "")"]
    }
}
