import ArgumentParser
import Engine
import JobCore
import Logging
import Spool

/// `kinospool restore`
struct Restore: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a backup's jobs back, after checking them.",
        usage: "kinospool restore SOURCE",
        discussion: """
            SOURCE is a copy that kinospool backup or rsync has made: a folder, or
            host:folder. Jobs that the spool has are left as they are. What costs
            money then waits for kinospool resume. Killed, run it again.
              kinospool restore /mnt/disk/studio -C ~/studio/spool
            """)

    @Argument(help: ArgumentHelp("Where the copy is.", valueName: "source"), completion: .directory)
    var source: String

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spoolOrNew()
        let logger = Logger(label: "kinospool.restore") { _ in SwiftLogNoOpLogHandler() }
        let restore = SpoolRestore(folder: folder, policy: session.settings.policy, logger: logger)
        let report = try await restore.run(from: CopyPath.text(source))
        let console = session.console
        if console.isJSON {
            let states = JobState.allCases.map { ($0.rawValue, JSONValue.integer(Int64(report.restored[$0] ?? 0))) }
            console.data([
                "v": 1, "restored": .integer(Int64(report.count)),
                "by_state": .object(Dictionary(uniqueKeysWithValues: states)), "kept": .integer(Int64(report.kept)),
                "missing": .integer(Int64(report.missing)), "paused": .bool(report.isPaused),
                "problems": .array(report.problems.map { .string($0) }),
            ])
        } else {
            console.data("\(CountText.text(report.count, "job")) restored, \(report.kept) kept as they are")
            for problem in report.problems { console.note("damaged: \(problem)") }
            if report.missing > 0 { console.note("\(report.missing) jobs of the copy have no file that reads.") }
            if report.isPaused { console.note("What costs money waits: kinospool resume") }
        }
        return report.missing > 0 || !report.problems.isEmpty ? .problemsFound : .done
    }
}
