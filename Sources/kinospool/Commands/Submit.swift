import ArgumentParser
import JobCore
import Spool

/// `kinospool submit`
struct Submit: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Queue jobs from files, a folder or stdin; no waiting.",
        usage: "kinospool submit FILE… [--from FILM] [--after ID] [--priority N]",
        discussion: """
            Prints the ids of the new jobs, one a line, and nothing else on stdout:
              kinospool submit shots/*.json | kinospool wait -

            A file holds one JSON object; stdin (-) one object, or one a line.
            Pictures and sounds it names are looked for beside the file and taken along.
            --from queues a film's own recipe again; files it needs must lie beside it.
            Exits 4 when some jobs were refused, 1 when all were.
            """)

    @Argument(help: ArgumentHelp("Job files, folders of job files, or - for stdin.", valueName: "file"))
    var files: [String] = []

    @Option(
        help: ArgumentHelp("Make this film or sound again; may be repeated.", valueName: "film"),
        completion: FromOption.completion)
    var from: [String] = []

    @Option(help: ArgumentHelp("Start after this job is done; may be repeated.", valueName: "id"))
    var after: [String] = []

    @Option(help: ArgumentHelp("-100 to 100, higher first (default: 0).", valueName: "n"))
    var priority: Int?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if files.isEmpty, from.isEmpty {
            throw ValidationError("Name at least one job file, - for stdin, or a film with --from.")
        }
        if let priority, !(-100...100).contains(priority) { throw ValidationError("--priority must be -100 to 100.") }
    }

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spoolOrNew()
        let needs = try await needed(folder)
        let films = try await recipes()
        return try await BlockingWork.run { [self] in
            var report = SubmitReport(console: session.console)
            var drafts: [JobDraft] = []
            for argument in files {
                for reading in try JobFiles.read(argument) {
                    switch reading.draft {
                    case .success(let draft): drafts.append(changed(draft, needs: needs))
                    case .failure(let failure): report.refused(reading.source, failure)
                    }
                }
                // Whole groups go at once, so that thousands of files are never held together.
                if drafts.count >= Submitting.groupSize { submit(&drafts, folder, &report) }
            }
            for recipe in films {
                switch recipe {
                case .success(let recipe):
                    if let caution = recipe.caution {
                        session.console.note("kinospool: \(TerminalText.plain(caution))")
                    }
                    drafts.append(changed(recipe.draft, needs: needs))
                case .failure(let problem): report.refused(problem)
                }
            }
            submit(&drafts, folder, &report)
            return report.finish()
        }
    }

    /// One answer for each film, in order.
    private func recipes() async throws -> [Result<FilmRecipe, RecipeProblem>] {
        var recipes: [Result<FilmRecipe, RecipeProblem>] = []
        for film in from {
            do {
                recipes.append(.success(try await FilmRecipe.read(film)))
            } catch let problem as RecipeProblem {
                recipes.append(.failure(problem))
            }
        }
        return recipes
    }

    private func submit(_ drafts: inout [JobDraft], _ folder: SpoolFolder, _ report: inout SubmitReport) {
        Submitting.run(drafts, into: folder) { draft, answer in
            switch answer {
            case .success(let id): report.queued(id)
            case .failure(let failure): report.refused(draft.source, failure)
            }
        }
        drafts = []
    }

    private func needed(_ folder: SpoolFolder) async throws -> [JobID] {
        guard !after.isEmpty else { return [] }
        let selection = try await JobSelector(folder: folder).jobs(after)
        if let problem = selection.problems.first { throw problem }
        return selection.ids
    }

    private func changed(_ draft: JobDraft, needs: [JobID]) -> JobDraft {
        var draft = draft
        if let priority { draft.document[.priority] = .integer(Int64(priority)) }
        if !needs.isEmpty {
            let written = draft.document[.needs]?.array ?? []
            draft.document[.needs] = .array(written + needs.map { .string($0.text) })
        }
        return draft
    }
}
