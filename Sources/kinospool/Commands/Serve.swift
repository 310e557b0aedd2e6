import ArgumentParser
import Engine
import JobCore

/// `kinospool serve`
struct Serve: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the queue and watch the folders: the daemon.",
        usage: "kinospool serve [--paused] [--once] [-C DIR]",
        discussion: """
            Stops in order on Ctrl-C or SIGTERM: running jobs go back to the queue.
            Exits 6 when another daemon holds the spool.
            """,
        aliases: ["run"])

    @Option(help: ArgumentHelp("Where the HTTP API of a later version will listen.", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("Where the HTTP API of a later version will listen.", valueName: "number"))
    var port: String?

    @Flag(help: "Start with the queue paused.")
    var paused = false

    @Flag(help: "Work until the queue is empty; exit 0, or 4 if any job failed.")
    var once = false

    @OptionGroup var logging: LogOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        var flags: [SettingKey: String] = [:]
        flags[.host] = host
        flags[.port] = port
        let session = try global.daemonSession(flags: flags)
        _ = try await session.spoolOrNew()
        let run = DaemonRun(
            session: session, role: .daemon, isOnce: once, startsPaused: paused, logger: logging.logger)
        return try await run.exit()
    }
}
