#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What /proc knows of a process group.
public enum ProcessGroup {
    /// The members that still run. A zombie that nobody reaped yet runs no more.
    public static func living(_ group: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { pid in
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
            // The name stands in parentheses and may hold anything: read on behind the last one.
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.lastIndex(of: ")") else { return false }
            let fields = text[text.index(after: end)...].split(separator: " ")
            return fields.count > 2 && fields[0] != "Z" && fields[0] != "X" && fields[2] == "\(group)"
        }
    }

    /// True as soon as nobody of the group runs. SIGKILL is sent, not awaited: the kernel may need a moment.
    public static func isGone(_ group: Int32, within limit: Duration) -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while !living(group).isEmpty {
            if clock.now > deadline { return false }
        }
        return true
    }
}
