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
        let session = try global.session()
        let places = try target.places(count: film.takes)
        let folder = try await session.spoolOrNew()
        let ids = try await submit(folder)
        if noWait {
            for id in ids {
                global.json
                    ? session.console.data(["v": 1, "job_id": .string(id.text), "status": "QUEUED"])
                    : session.console.data(id.text)
            }
            return .done
        }
        let sights: [JobWatch.Sight]
        switch try await RenderWait(session: try global.daemonSession(), folder: folder).run(ids) {
        case .ended(let ended), .timedOut(let ended): sights = ended
        case .interrupted: return .interrupted
        }
        let delivery = Delivery(session: session, folder: folder, isForced: target.force)
        var tally = Tally()
        for (sight, place) in zip(sights, places) {
            do {
                try await delivery.deliver(sight, to: place)
                tally.succeeded()
            } catch {
                let problem = CommandError(wrapping: error)
                session.console.report(problem)
                tally.failed(problem.exit)
            }
        }
        return tally.exit == .done ? Awaiting.exit(for: sights) : tally.exit
    }

    private func submit(_ folder: SpoolFolder) async throws -> [JobID] {
        let drafts = film.drafts(prompt: prompt)
        return try await BlockingWork.run {
            var answers: [Result<JobID, Failure>] = []
            Submitting.run(drafts, into: folder) { answers.append($1) }
            return try answers.map { try $0.get() }
        }
    }
}
