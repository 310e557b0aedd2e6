import ArgumentParser
import JobCore
import Spool

/// `kinospool wait`
struct Wait: SpoolCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until jobs end; the exit code says how.",
        usage: "kinospool wait ID… [--timeout S]",
        discussion: """
            Exits 0 when all are done, 2 when they failed, 3 when they were canceled,
            4 when it is mixed, 8 when the time is over.
            Ctrl-C stops waiting; twice within 2 s cancels the jobs.
              kinospool wait @running --timeout 30m && notify-send done

            \(JobOptions.explanation)
            """)

    @OptionGroup var jobs: JobOptions

    @Option(help: ArgumentHelp("Give up after this time: seconds, or 30m, 2h.", valueName: "s"))
    var timeout: TimeSpan?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func perform() async throws -> Exit {
        let session = try global.session()
        let folder = try await session.spool()
        let selection = try await JobSelector(folder: folder).jobs(jobs.ids)
        if let problem = selection.problems.first { throw problem }
        let awaiting = Awaiting(session: session, folder: folder)
        switch try await awaiting.run(selection.ids, timeout: timeout?.duration) {
        case .ended(let sights): return Awaiting.exit(for: sights)
        case .interrupted: return .interrupted
        case .timedOut(let sights):
            let open = sights.filter { !$0.isOver }.map { JobLabel.text($0.id) }
            throw CommandError(
                .timedOut, "timed_out", "The time is over; not ended yet: \(open.joined(separator: " ")).",
                hint: "The jobs go on. Wait again, or look: kinospool show ID.", isRetryable: true)
        }
    }
}
