import ArgumentParser
import JobCore
import Spool

/// `kinospool cleanup`
struct Cleanup: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup",
        abstract: "Delete old jobs and leftovers; shows a plan first.",
        usage: "kinospool cleanup [--days N] [--orphaned] [--execute]",
        discussion: """
            Jobs that ended more than N days ago, and what no job owns: half-made
            files, old attempts, uploads that nobody used, links to nothing.
            Starred jobs, jobs with the tag keep, and what a waiting or running
            job needs stay. Without --execute it is a plan only.
              kinospool cleanup --days 30
              kinospool cleanup --days 30 --execute
            """)

    @Option(help: ArgumentHelp("Jobs that ended longer ago (default: \(CleanupRule.defaultDays)).", valueName: "n"))
    var days: Int?

    @Flag(help: "Only what no job owns; the same as kinospool orphans.")
    var orphaned = false

    @Flag(help: "Do it.")
    var execute = false

    @Flag(help: "Also records that have lost their job files.")
    var deleteLost = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if let days, !CleanupRule.allowedDays.contains(days) {
            let range = CleanupRule.allowedDays
            throw ValidationError("--days must be \(range.lowerBound) to \(range.upperBound).")
        }
        if orphaned, days != nil { throw ValidationError("--orphaned leaves jobs alone, so it takes no --days.") }
    }

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        let rule = orphaned ? nil : CleanupRule(days: days ?? CleanupRule.defaultDays, at: folder.wallTime)
        let scope = rule.map { "--days \($0.days)" } ?? "--orphaned"
        return try await CleanupRun(
            session: session, folder: folder, rule: rule, isExecuting: execute, isDeletingLost: deleteLost,
            command: "kinospool cleanup \(scope) --execute"
        ).exit()
    }
}
