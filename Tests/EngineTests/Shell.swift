import Foundation
import Testing

/// A line of shell, in a process of its own.
enum Shell {
    /// Runs it to its end. - Parameter argument: what the line calls `$0`.
    static func run(_ line: String, _ argument: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", line, argument]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
