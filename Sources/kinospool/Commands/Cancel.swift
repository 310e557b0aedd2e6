import ArgumentParser
import JobCore
import Spool

/// `kinospool cancel`
struct Cancel: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel jobs for good; nothing appears afterwards.",
        usage: "kinospool cancel ID…",
        discussion: """
            Canceling again gives the same answer. A job that has ended is left as it is (exit 1).

            \(JobOptions.explanation)
            """)

    @OptionGroup var jobs: JobOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        return try await ChangeRun(session: session, folder: folder).exit(jobs.ids) { id in
            switch try folder.cancel(id) {
            case .canceled:
                var fields: [String: JSONValue] = [
                    "status": .string(JobState.canceled.statusName), "message": "The job is canceled.",
                ]
                let runs = try folder.run(of: id)?.remotes ?? []
                if !runs.isEmpty { fields["remote_runs"] = .array(runs.map(\.json)) }
                for run in runs { session.console.note("\(id): \(RemoteFarewell.sentence(run))") }
                return ChangeRun.Answer(word: "canceled", fields: fields)
            case .ended(let state):
                throw CommandError(
                    .failed, "already_ended", "Job \(id) is \(state.rawValue) already; it was left as it is.",
                    hint: "Delete it and what it made: kinospool rm \(id).")
            case .missing: throw CommandError.noSuchJob(id.text)
            }
        }
    }
}
