import ArgumentParser
import Foundation
import JobCore

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: [.customShort("C"), .customLong("spool")],
        help: ArgumentHelp("The spool folder (default: ./spool).", valueName: "dir"))
    var spool: String?

    @Option(help: ArgumentHelp("Read settings from this file, not .env.", valueName: "file"))
    var envFile: String?

    @Flag(help: "Print JSON: one object, or one a line.")
    var json = false

    @Flag(help: "No messages, only data and errors.")
    var quiet = false

    @Flag(help: "No colours.")
    var noColor = false

    /// Where messages and data go.
    var console: Console { Console(isJSON: json, isQuiet: quiet, isPlain: noColor) }

    /// Reads the settings; warns about what the `.env` holds beside them.
    ///
    /// - Parameter flags: settings that the command line names.
    /// - Throws: exit 78 for a bad value or a missing `--env-file`.
    func session(flags: [SettingKey: String] = [:]) throws -> Session {
        var flags = flags
        if let spool { flags[.spool] = spool }
        let console = console
        let (values, warnings) = try envValues()
        for warning in warnings { console.note("kinospool: \(warning)") }
        let settings = try Settings.resolve(
            flags: flags, environment: ProcessInfo.processInfo.environment, envFile: values)
        return Session(settings: settings, console: console, root: LocalPath.absolute(settings.spool))
    }

    /// As `session`, with the spool's absolute path among the flags: a daemon outlives its working folder.
    func daemonSession(flags: [SettingKey: String] = [:]) throws -> Session {
        let first = try session(flags: flags)
        var flags = flags
        flags[.spool] = first.root
        let settings = try Settings.resolve(
            flags: flags, environment: ProcessInfo.processInfo.environment, envFile: try envValues().values)
        return Session(settings: settings, console: console, root: first.root)
    }

    private func envValues() throws -> (values: [String: String], warnings: [String]) {
        let path = LocalPath.absolute(envFile ?? ".env")
        guard let bytes = FileManager.default.contents(atPath: path), !LocalPath.isFolder(path) else {
            guard let envFile else { return ([:], []) }
            throw Failure(
                .configError, "The file \(envFile) cannot be read.",
                hint: "Name another with --env-file, or leave it out.")
        }
        let (values, problems) = EnvFile.parse(String(decoding: bytes, as: UTF8.self))
        let name = envFile ?? ".env"
        return (values, (problems + Settings.unknownKeys(in: values)).map { "\(name): \($0)" })
    }
}
