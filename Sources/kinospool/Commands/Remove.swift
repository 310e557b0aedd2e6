import ArgumentParser
import JobCore
import Spool

/// `kinospool rm`
struct Remove: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Delete jobs and everything they made.",
        usage: "kinospool rm ID… [--force]",
        discussion: JobOptions.explanation,
        aliases: ["delete"])

    @OptionGroup var jobs: JobOptions

    @Flag(help: "Cancel running jobs first.")
    var force = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        return try await ChangeRun(session: session, folder: folder).exit(jobs.ids) { [force] id in
            if force, try folder.state(of: id) == .running { _ = try folder.cancel(id) }
            switch try folder.delete(id) {
            case .deleted(let count):
                for run in try folder.unwantedRemotes(of: id) {
                    session.console.note("\(id): \(RemoteFarewell.sentence(run))")
                }
                return ChangeRun.Answer(
                    word: "deleted", fields: ["deleted": true, "artifacts_cleaned": .integer(Int64(count))])
            case .running:
                throw CommandError(
                    .failed, "still_running", "Job \(id) is running.",
                    hint: "Cancel it first: kinospool cancel \(id). Or both at once: kinospool rm --force \(id).")
            case .missing: throw CommandError.noSuchJob(id.text)
            }
        }
    }
}
