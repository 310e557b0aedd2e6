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

    @Option(
        help: ArgumentHelp(
            "Change a parameter first; null removes it. May be repeated.", valueName: "key=value"))
    var set: [String] = []

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws { _ = try changes() }

    func perform() async throws -> Exit {
        let changes = try changes()
        let session = try global.session()
        let folder = try await session.spool()
        return try await ChangeRun(session: session, folder: folder).exit(jobs.ids) { id in
            guard try folder.state(of: id) != nil else { throw CommandError.noSuchJob(id.text) }
            try folder.retry(id, changes: changes)
            return ChangeRun.Answer(word: "queued", fields: ["status": .string(JobState.queued.statusName)])
        }
    }

    /// A value that reads as JSON is taken as such, any other as text: `seed=7`, `prompt=a lighthouse`.
    private func changes() throws -> [String: JSONValue] {
        var changes: [String: JSONValue] = [:]
        for pair in set {
            guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                throw ValidationError("--set needs KEY=VALUE, for example --set resolution=720p.")
            }
            let value = String(pair[pair.index(after: equals)...])
            changes[String(pair[..<equals])] = (try? JSONReader.read(Array(value.utf8))) ?? .string(value)
        }
        return changes
    }
}
