import ArgumentParser
import JobCore
import Spool

/// `kinospool show`
struct Show: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one job in full.",
        usage: "kinospool show ID",
        discussion: JobOptions.explanation,
        aliases: ["status"])

    @Argument(help: ArgumentHelp("The job.", valueName: "id"), completion: .custom(JobOptions.completion))
    var id: String

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        let id = try await JobSelector(folder: folder).job(id)
        guard let view = try await BlockingWork.run({ try folder.view(id) }) else {
            throw CommandError.noSuchJob(id.text)
        }
        let (now, policy) = (Timestamp.now(), session.settings.policy)
        if global.json {
            session.console.data(view.json(at: now, policy: policy))
        } else {
            let text = JobText(view: view, now: now, policy: policy, terminal: session.console.output)
            for line in text.lines { session.console.data(line) }
        }
        return .done
    }
}
