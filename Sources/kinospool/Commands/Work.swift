import ArgumentParser
import Engine
import JobCore

/// `kinospool work`
struct Work: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Add a worker process beside the daemon.",
        usage: "kinospool work [--once] [-C DIR]",
        discussion: "It takes jobs of the same spool and watches over nothing.")

    @Flag(help: "Work until the queue is empty; exit 0, or 4 if any job failed.")
    var once = false

    @OptionGroup var logging: LogOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.daemonSession()
        _ = try await session.spoolOrNew()
        return try await DaemonRun(session: session, role: .worker, isOnce: once, logger: logging.logger).exit()
    }
}
