import ArgumentParser
import JobCore
import Spool

/// `kinospool render`
struct Render: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Make a video, wait for the file.",
        usage: "kinospool render PROMPT [-i IMAGE] [-n N] [-o FILE] [options]",
        discussion: """
              kinospool render "a lighthouse in a storm" --duration 5 -o storm.mp4
              kinospool render -i cat.png "it yawns" -n 4

            Prints the path of each finished file. Ctrl-C stops waiting, not the job;
            twice within 2 s cancels it. Without a daemon it does the work itself.
            """)

    @Argument(help: "What to see.")
    var prompt: String

    @OptionGroup var film: FilmOptions
    @OptionGroup var target: TargetOptions

    @Flag(help: "Queue it, print the ids, and do not wait.")
    var noWait = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        try await Making(global: global, target: target, isQueuedOnly: noWait).run(count: film.takes) { _ in
            film.drafts(prompt: prompt)
        }
    }
}
