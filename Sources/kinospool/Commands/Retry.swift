import ArgumentParser
import JobCore
import Spool

/// `kinospool retry`
struct Retry: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Run jobs again, unchanged or with changes.",
        usage: "kinospool retry ID… [--set KEY=VALUE]",
        discussion: """
              kinospool retry @failed
              kinospool retry 7k3q9d --set resolution=720p --set seed=7

            \(JobOptions.explanation)
            """)

    @OptionGroup var jobs: JobOptions

    @OptionGroup var changes: ChangeOptions

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let changes = try changes.parameters()
        let session = try global.session()
        let folder = try await session.spool()
        return try await ChangeRun(session: session, folder: folder).exit(jobs.ids) { id in
            guard try folder.state(of: id) != nil else { throw CommandError.noSuchJob(id.text) }
            try folder.retry(id, changes: changes)
            return ChangeRun.Answer(word: "queued", fields: ["status": .string(JobState.queued.statusName)])
        }
    }
}
