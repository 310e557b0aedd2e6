import ArgumentParser
import Glibc
import Logging

/// How a long-running command tells what it does.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"),
        transform: level)
    var logLevel: Logger.Level = .info

    @Option(help: ArgumentHelp("text or json, one line each.", valueName: "format"))
    var logFormat: LogLine.Format = .text

    @Sendable private static func level(_ name: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: name.lowercased()) else {
            throw ValidationError("must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return level
    }

    /// A logger to stderr.
    var logger: Logger {
        Logger(label: "kinospool") { _ in
            LogLine(format: logFormat, level: logLevel) { Console.write($0 + "\n", to: STDERR_FILENO) }
        }
    }
}

extension LogLine.Format: ExpressibleByArgument {}
