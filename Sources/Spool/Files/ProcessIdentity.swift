import Foundation
import Glibc
public import JobCore

/// Who a process is, and what a dead one left behind. Source: proc(5).
public enum ProcessIdentity {
    /// This process, as the owner of its attempts.
    ///
    /// - Parameter daemonStart: as `SpoolFolder.daemonStarts` counts.
    public static func mine(daemonStart: Int) -> RunRecord.Owner {
        let pid = getpid()
        return RunRecord.Owner(
            host: ProcessInfo.processInfo.hostName, bootID: bootID(), pid: pid, startTicks: startTicks(of: pid) ?? 0,
            daemonStart: daemonStart)
    }

    /// Stops the process groups that a dead owner's attempt left running.
    ///
    /// A number alone proves nothing after a reboot or a wrap-around: only processes of this boot whose command line
    /// names the attempt's own folder are touched.
    ///
    /// - Parameter scratch: absolute path of the attempt's folder.
    public static func stopOrphans(of run: RunRecord, scratch: String) {
        guard run.owner.bootID == bootID(), run.owner.host == ProcessInfo.processInfo.hostName else { return }
        for group in run.processGroups where group > 1 {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return }
            let isOurs = names.compactMap(Int32.init).contains { pid in
                getpgid(pid) == group && (text("/proc/\(pid)/cmdline") ?? "").contains(scratch)
            }
            if isOurs { kill(-group, SIGKILL) }
        }
    }

    /// What the kernel calls the time since the machine was switched on.
    public static func bootID() -> String {
        (text("/proc/sys/kernel/random/boot_id") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Field 22 of stat, counted after the parenthesised name, which may hold spaces.
    private static func startTicks(of pid: Int32) -> Int64? {
        guard let stat = text("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? Int64(fields[19]) : nil
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
