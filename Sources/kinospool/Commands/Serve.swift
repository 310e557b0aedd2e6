import ArgumentParser
import Engine
import JobCore
import Web

/// `kinospool serve`
struct Serve: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the queue, watch the folders, answer HTTP: the daemon.",
        usage: "kinospool serve [--host H] [--port P] [--paused] [--once] [-C DIR]",
        discussion: """
            The HTTP API listens on http://127.0.0.1:8000, with --once it does not.
            Any other address needs a token: KINOSPOOL_TOKEN_FILE.
            Stops in order on Ctrl-C or SIGTERM: running jobs go back to the queue.
            Exits 6 when another daemon holds the spool.
            """,
        aliases: ["run"])

    @Option(help: ArgumentHelp("The address of the HTTP API (default: 127.0.0.1).", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("Its port; 0 takes any free one (default: 8000).", valueName: "number"))
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
        let door = once ? nil : try door(session)
        _ = try await session.spoolOrNew()
        let run = DaemonRun(
            session: session, role: .daemon, isOnce: once, startsPaused: paused, logger: logging.logger, door: door)
        return try await run.exit()
    }

    private func door(_ session: Session) throws -> Daemon.Door {
        let console = session.console
        let server = try WebServer(settings: session.settings, token: try token(session), logger: logging.logger) {
            link in
            // For a person's eyes alone: what goes into a file or a journal stays there.
            if console.errors.isTerminal { console.note("open in a browser, once, within 10 minutes: \(link)") }
        }
        return { desk in try await server.run(desk) }
    }

    /// The bearer token; nil where none is set.
    ///
    /// - Throws: `config_error` for a file that is not there, that others may read, or in which no token stands.
    private func token(_ session: Session) throws -> String? {
        try session.settings[.tokenFile].map { try TokenFile.read(LocalPath.absolute($0)) }
    }
}
