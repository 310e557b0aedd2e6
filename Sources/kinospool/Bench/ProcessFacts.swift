import Foundation
import Glibc

/// What the kernel counts for a process. Source: proc(5).
struct ProcessFacts: Sendable {
    /// Its share of memory in bytes: `Pss`.
    let memory: Double
    /// Seconds of processor time, in user and system mode.
    let processorTime: Double
    /// How often each of its threads went to sleep of its own accord, and so woke up again.
    private let sleeps: [String: Double]

    /// - Throws: when there is no such process.
    init(_ pid: pid_t) throws {
        let rollup = try Self.text("/proc/\(pid)/smaps_rollup")
        memory = Self.number(after: "Pss:", in: rollup) * 1024
        let fields = try Self.text("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.indices.contains(12) ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
        processorTime = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
        sleeps = threads.reduce(into: [:]) { sleeps, thread in
            // A thread may end between the listing and the look.
            guard let status = try? Self.text("/proc/\(pid)/task/\(thread)/status") else { return }
            sleeps[thread] = Self.number(after: "\nvoluntary_ctxt_switches:", in: status)
        }
    }

    /// How often threads woke up since an earlier look. The kernel forgets the counts of threads that ended meanwhile,
    /// so two looks should not be far apart.
    func wakeUps(since earlier: ProcessFacts) -> Double {
        sleeps.reduce(0) { $0 + $1.value - (earlier.sleeps[$1.key] ?? 0) }
    }

    private static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private static func number(after name: String, in text: String) -> Double {
        guard let found = text.range(of: name) else { return 0 }
        let digits = text[found.upperBound...].drop { $0 == " " || $0 == "\t" }.prefix { $0.isNumber }
        return Double(digits) ?? 0
    }
}
