import Foundation

/// What strace(1) does to one system call of a program, counted from the first of each thread.
struct SystemCallFault: Sendable, Equatable {
    /// What happens instead of the call.
    enum Kind: Sendable, Equatable {
        /// The process dies by SIGKILL before the call.
        case kill
        /// The call is not made and answers with this errno, for example `ENOSPC`.
        case error(String)
        /// The call is made after this many microseconds.
        case delay(Int)
    }

    /// The call's name.
    let call: String
    let kind: Kind
    /// Which of the calls, from 1.
    let number: Int
    /// Every call from that one on, not that one alone.
    var isLasting = false

    /// The words before the program's path that bring it about.
    var launcher: [String] {
        let effect =
            switch kind {
            case .kill: "signal=KILL"
            case .error(let name): "error=\(name)"
            case .delay(let time): "delay_enter=\(time)"
            }
        let rule = "inject=\(call):\(effect):when=\(number)\(isLasting ? "+" : "")"
        return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e", rule]
    }

    /// Calls by which the program changes a disk, as strace names them on every architecture that lacks some (`?`).
    static let calls = [
        "?renameat2", "?renameat", "?rename", "?linkat", "?symlinkat", "?unlinkat", "?unlink", "?mkdirat", "?mkdir",
        "?openat", "?write", "?pwrite64", "?ftruncate", "?fsync", "?fdatasync", "?flock", "?utimensat",
        "?copy_file_range", "?fcntl", "?close",
    ]

    /// Those of them that only open, close and keep an index: many, and each like the other.
    static let lesser: Set<String> = ["openat", "pwrite64", "fcntl", "close"]

    /// The words before the program's path that write down its calls on one processor, where one thread makes nearly
    /// all of them.
    static func counting(into trace: String) -> [String] {
        Processors.pin(0) + ["strace", "-f", "-qq", "-o", trace, "-e", "trace=\(calls.joined(separator: ","))"]
    }

    /// For each call the most that one thread made of it.
    static func counts(in trace: String) -> [String: Int] {
        var counts: [[String]: Int] = [:]
        for line in trace.split(separator: "\n") {
            guard let match = line.firstMatch(of: /^(\d+) +(\w+)\(/) else { continue }
            counts[[String(match.output.1), String(match.output.2)], default: 0] += 1
        }
        return counts.reduce(into: [:]) { most, entry in most[entry.key[1]] = max(most[entry.key[1]] ?? 0, entry.value)
        }
    }
}

extension SystemCallFault: CustomStringConvertible {
    var description: String {
        switch kind {
        case .kill: "killed before \(call) \(number)"
        case .error(let name): "\(name) from \(call) \(number)\(isLasting ? " on" : "")"
        case .delay(let time): "\(time) µs before \(call) \(number)\(isLasting ? " and all later" : "")"
        }
    }
}
