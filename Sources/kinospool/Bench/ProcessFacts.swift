import Foundation
import Glibc

/// What the kernel counts for a process. Source: proc(5).
struct ProcessFacts: Sendable {
    /// Its share of memory in bytes: `Pss`.
    let memory: Double
    /// Seconds of processor time, in user and system mode.
    let processorTime: Double
    /// How often its threads went to sleep of their own accord, and so woke up again.
    let wakeUps: Double

    /// - Throws: when there is no such process.
    init(_ pid: pid_t) throws {
        let rollup = try Self.text("/proc/\(pid)/smaps_rollup")
        memory = Self.number(after: "Pss:", in: rollup) * 1024
        let fields = try Self.text("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.indices.contains(12) ? (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0) : 0
        processorTime = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
        wakeUps = threads.reduce(0) { sum, thread in
            // A thread may end between the listing and the look.
            let status = (try? Self.text("/proc/\(pid)/task/\(thread)/status")) ?? ""
            return sum + Self.number(after: "\nvoluntary_ctxt_switches:", in: status)
        }
    }

    private static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private static func number(after name: String, in text: String) -> Double {
        guard let found = text.range(of: name) else { return 0 }
        let digits = text[found.upperBound...].drop { $0 == " " || $0 == "\t" }.prefix { $0.isNumber }
        return Double(digits) ?? 0
    }
}
