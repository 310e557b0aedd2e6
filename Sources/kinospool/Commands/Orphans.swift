import ArgumentParser
import JobCore
import Spool

/// `kinospool orphans`
struct Orphans: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "orphans",
        abstract: "Find files no job owns, and jobs missing files.",
        usage: "kinospool orphans [--execute]",
        discussion: """
            Exits with 7 when there are any. --execute takes away what no job
            owns; jobs of which a file is missing are left for you to decide.
            """)

    @Flag(help: "Take them away.")
    var execute = false

    @Flag(help: "Also records that have lost their job files.")
    var deleteLost = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        return try await CleanupRun(
            session: session, folder: folder, rule: nil, isExecuting: execute, isDeletingLost: deleteLost,
            command: "kinospool orphans --execute"
        ).exit()
    }
}
