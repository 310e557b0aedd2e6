import ArgumentParser
import JobCore
import Spool

/// `kinospool edit`
struct Edit: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change jobs that wait; star, tag, note any other.",
        usage: "kinospool edit ID… [--set KEY=VALUE] [--star] [--tag WORD]",
        discussion: """
            A job that waits changes as a whole. One that has ended keeps what it
            is; its star, tags and note change. A starred job, and one with the
            tag keep, is left alone by cleanup.
              kinospool edit 7k3q9d --set duration=8 --priority 10
              kinospool edit @last --star --note "the good take"

            \(JobOptions.explanation)
            """)

    @OptionGroup var jobs: JobOptions

    @OptionGroup var changes: ChangeOptions

    @Option(help: ArgumentHelp("-100 to 100, higher first.", valueName: "n"))
    var priority: Int?

    @Flag(inversion: .prefixedNo, help: "Star it: cleanup leaves it alone.")
    var star: Bool?

    @Option(help: ArgumentHelp("Add a tag. May be repeated.", valueName: "word"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Take a tag away. May be repeated.", valueName: "word"))
    var untag: [String] = []

    @Option(help: ArgumentHelp("Replace the note; an empty text removes it.", valueName: "text"))
    var note: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard changes.set.isEmpty, priority == nil, star == nil, tag.isEmpty, untag.isEmpty, note == nil else { return }
        throw ValidationError("Say what to change: --set, --priority, --star, --tag, --untag or --note.")
    }

    func perform() async throws -> Exit {
        let parameters = try changes.parameters()
        let session = try global.session()
        let folder = try await session.spool()
        let edit = JobEdit(
            parameters: parameters, priority: priority, isStarred: star, added: tag, removed: untag, note: note)
        return try await ChangeRun(session: session, folder: folder).exit(jobs.ids) { id in
            switch try folder.patch(id, with: { edit.patch(for: $0) }) {
            case .changed: return ChangeRun.Answer(word: "changed", fields: ["changed": true])
            case .wrongState(let state):
                throw CommandError(
                    .failed, "wrong_state", "Job \(id) is \(state.rawValue) and cannot be changed so.",
                    hint: state.isFinal
                        ? "Its star, tags and note can; to run it again: kinospool retry \(id) --set KEY=VALUE."
                        : "Wait until it has ended: kinospool wait \(id).")
            case .missing: throw CommandError.noSuchJob(id.text)
            }
        }
    }
}
