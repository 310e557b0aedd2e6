import Glibc
import JobCore

/// Why something could not be measured.
enum BenchProblem {
    /// A system call failed just now.
    static func call(_ name: String, _ path: String) -> Failure {
        let reason = String(cString: strerror(errno))
        return Failure(.internalError, "\(name) \(path): \(reason).", hint: "Choose another folder to measure in.")
    }

    /// A program that is measured did not do its work.
    static func program(_ what: String, log: String) -> Failure {
        Failure(.internalError, "\(what)\(log.isEmpty ? "" : "\n\(log)")")
    }
}
