import ArgumentParser
import JobCore
import Spool

/// `kinospool show`
struct Show: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one job in full.",
        usage: "kinospool show ID | --from FILM",
        discussion: """
            \(JobOptions.explanation)

            --from prints how a film or sound was made, from the film itself; no spool is
            needed. To make it again: kinospool submit --from FILM
            """,
        aliases: ["status"])

    @Argument(help: ArgumentHelp("The job.", valueName: "id"), completion: .custom(JobOptions.completion))
    var id: String?

    @Option(
        help: ArgumentHelp("Show how this film or sound was made.", valueName: "film"),
        completion: FromOption.completion)
    var from: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if id == nil, from == nil { throw ValidationError("Name a job, or a film with --from.") }
        if id != nil, from != nil { throw ValidationError("Name a job or a film, not both.") }
    }

    func perform() async throws -> Exit {
        if let from { return show(try await FilmRecipe.read(from)) }
        guard let name = id else { return .usage }
        let session = try global.session()
        let folder = try await session.spool()
        let id = try await JobSelector(folder: folder).job(name)
        guard let view = try await BlockingWork.run({ try folder.view(id) }) else {
            throw CommandError.noSuchJob(id.text)
        }
        let (now, policy) = (Timestamp.now(), session.settings.policy)
        if global.json {
            session.console.data(view.json(at: now, policy: policy, storage: session.storage))
        } else {
            let text = JobText(
                view: view, now: now, policy: policy, storage: session.storage, terminal: session.console.output)
            for line in text.lines { session.console.data(line) }
        }
        return .done
    }

    private func show(_ film: FilmRecipe) -> Exit {
        let console = global.console
        if global.json {
            console.data(film.recipe.json)
        } else {
            for line in RecipeText(film: film, terminal: console.output).lines { console.data(line) }
        }
        return .done
    }
}
