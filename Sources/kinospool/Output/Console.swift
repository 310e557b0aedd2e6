import Foundation
import Glibc
import JobCore

/// The way to the user: data to stdout, everything else to stderr.
struct Console: Sendable {
    let isJSON: Bool
    let isQuiet: Bool
    /// Both streams, each by itself.
    let output: Terminal, errors: Terminal

    /// - Parameter isPlain: `--no-color`.
    init(isJSON: Bool, isQuiet: Bool, isPlain: Bool) {
        (self.isJSON, self.isQuiet) = (isJSON, isQuiet)
        let environment = ProcessInfo.processInfo.environment
        output = Terminal(STDOUT_FILENO, environment: environment, isPlain: isPlain)
        errors = Terminal(STDERR_FILENO, environment: environment, isPlain: isPlain)
    }

    /// Bars may be drawn: a person looks at stderr, and wants to.
    var showsBars: Bool { errors.canMove && !isQuiet && !isJSON }

    /// A line of data.
    func data(_ line: String) { Self.write(line + "\n", to: STDOUT_FILENO) }

    /// An object of data, on one line.
    func data(_ value: JSONValue) { data(JSONWriter.compact(value)) }

    /// A message; none with `--quiet`.
    func note(_ line: String) {
        if !isQuiet { Self.write(line + "\n", to: STDERR_FILENO) }
    }

    /// Text that moves the cursor.
    func draw(_ text: String) { Self.write(text, to: STDERR_FILENO) }

    /// A line that is an error, also with `--quiet`.
    func error(_ line: String) { Self.write(line + "\n", to: STDERR_FILENO) }

    /// An error, also with `--quiet`.
    func report(_ problem: CommandError) {
        Self.write((isJSON ? JSONWriter.compact(problem.json) : problem.text) + "\n", to: STDERR_FILENO)
    }

    /// Writes all bytes, as far as anybody listens.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
