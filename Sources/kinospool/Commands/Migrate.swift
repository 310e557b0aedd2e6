import ArgumentParser
import JobCore
import Spool

/// `kinospool migrate`
struct Migrate: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the predecessor's jobs into the spool.",
        usage: "kinospool migrate DATABASE [--execute]",
        discussion: """
            Reads the SQLite file of the Python service; its jobs keep their ids,
            times, errors and films. Without --execute it is a plan only. The
            database is never touched; running it again brings only what is new.
              kinospool migrate ~/videos/jobs.db
              kinospool migrate ~/videos/jobs.db --execute
            """)

    @Argument(help: ArgumentHelp("The predecessor's database.", valueName: "database"), completion: .file())
    var database: String

    @Flag(help: "Do it.")
    var execute = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spoolOrNew()
        let path = LocalPath.absolute(database)
        let run = MigrationRun(
            session: session, folder: folder, database: LocalPath.resolved(path) ?? path, isExecuting: execute)
        let plan = try await BlockingWork.run { try run.plan() }
        if session.console.isJSON {
            session.console.data(plan.json(isExecuted: execute))
        } else {
            for line in MigrationText.lines(plan, isExecuted: execute) { session.console.data(line) }
            for problem in plan.problems { session.console.note(problem) }
            let rest = plan.problemCount - plan.problems.count
            if rest > 0 { session.console.note("and \(rest) more") }
        }
        if !execute, plan.newCount > 0 {
            session.console.note("Nothing changed. To do it: kinospool migrate \(database) --execute")
        }
        guard plan.failed > 0 else { return .done }
        return plan.newCount > 0 ? .partly : .failed
    }
}
