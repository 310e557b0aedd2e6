import ArgumentParser
import Engine
import JobCore
import Spool

/// `kinospool doctor`
struct Doctor: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check spool, index, ffmpeg, RunPod, disk, clock.",
        usage: "kinospool doctor [--deep] [--repair]",
        discussion: """
            Every finding has a fix; --repair does those that are safe: jobs that
            a crash left half-way, the index, leftovers. Exits with 7 when there
            are problems; warnings alone are none.
            """,
        aliases: ["fsck"])

    @Flag(help: "Read every artifact and compare its SHA-256.")
    var deep = false

    @Flag(help: "Mend what is safe to mend.")
    var repair = false

    @Flag(help: "With --repair: also delete records without job files.")
    var deleteLost = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if deleteLost, !repair { throw ValidationError("--delete-lost goes with --repair.") }
    }

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        let examination = SpoolFolder.Examination(
            policy: session.settings.policy, isDeep: deep, isRepairing: repair, isDeletingLost: deleteLost)
        let findings = try await Inspector(folder: folder, settings: session.settings, examination).findings()
        for finding in findings {
            if session.console.isJSON {
                session.console.data(finding.json)
            } else {
                session.console.data(FindingText.line(finding))
            }
        }
        let problems = findings.count { $0.level == .problem }
        let warnings = findings.count { $0.level == .warning }
        if problems + warnings > 0 { session.console.note(FindingText.total(problems: problems, warnings: warnings)) }
        return problems > 0 ? .problemsFound : .done
    }
}
