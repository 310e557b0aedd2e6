import ArgumentParser
import JobCore
import Spool

/// `kinospool ls`
struct List: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List jobs, newest first.",
        usage: "kinospool ls [--state S,…] [--type T,…] [--search TEXT] [--limit N]",
        discussion: """
            A table on a terminal; in a pipe five fields with tabs between them:
            id, state, type, progress, prompt. --json prints one object a line.
              kinospool ls --state active,failed
            """,
        aliases: ["list"])

    @Option(
        help: ArgumentHelp(
            "queued, running, done, failed, canceled, or active (queued and running).", valueName: "state"))
    var state: [String] = []

    @Option(help: ArgumentHelp("RENDER, IMG2VID, TTS, …", valueName: "type"))
    var type: [String] = []

    @Option(help: ArgumentHelp("Only jobs whose id or prompt contains this.", valueName: "text"))
    var search: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "n"))
    var limit = 50

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        _ = try states()
        _ = try types()
        if limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    func perform() async throws -> Exit {
        let session = try global.session()
        let views = try await list(JobCatalog(folder: session.spool()))
        let (now, policy, console) = (Timestamp.now(), session.settings.policy, session.console)
        if console.isJSON {
            let storage = session.storage
            for view in views { console.data(view.json(at: now, policy: policy, storage: storage)) }
            return .done
        }
        let table = JobTable(views: views, now: now, policy: policy, terminal: console.output)
        if views.isEmpty {
            console.note("No jobs.")
        } else {
            for line in console.output.isTerminal ? table.table : table.lines { console.data(line) }
        }
        return .done
    }

    private func list(_ catalog: JobCatalog) async throws -> [JobView] {
        var views: [JobView] = []
        var after: JobCursor?
        while views.count < limit {
            let size = min(limit - views.count, JobQuery.limits.upperBound)
            let query = try JobQuery(states: states(), types: types(), text: search, limit: size, after: after)
            let page = try await catalog.list(query)
            views += page
            // A job that moved meanwhile may be missing from a page, so only an empty one is the last.
            guard let last = page.last else { break }
            after = JobCursor(last)
        }
        return views
    }

    private func states() throws -> Set<JobState> {
        var states: Set<JobState> = []
        for name in state.flatMap({ $0.split(separator: ",") }) {
            if name.lowercased() == "active" {
                states.formUnion([.queued, .running])
            } else if let state = JobState(name: name) {
                states.insert(state)
            } else {
                let names = JobState.allCases.map(\.rawValue) + ["active"]
                let guess = NearestName.of(String(name), among: names).map { " Did you mean '\($0)'?" } ?? ""
                throw ValidationError("--state must be one of \(names.joined(separator: ", ")).\(guess)")
            }
        }
        return states
    }

    private func types() throws -> Set<String> {
        Set(
            try type.flatMap { $0.split(separator: ",") }.map { name in
                let names = JobType.allCases.map(\.rawValue)
                guard names.contains(name.uppercased()) else {
                    let guess = NearestName.of(String(name), among: names).map { " Did you mean '\($0)'?" } ?? ""
                    throw ValidationError("--type must be one of \(names.joined(separator: ", ")).\(guess)")
                }
                return name.uppercased()
            })
    }
}
