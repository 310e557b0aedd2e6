import JobCore
import Spool

/// What `render` and `stitch` have in common: submit, show progress, wait, hand over the files.
struct Making {
    let global: GlobalOptions
    let target: TargetOptions
    /// Print the ids and be done.
    let isQueuedOnly: Bool

    /// - Parameter drafts: gets the folder, for whoever looks up other jobs; as many jobs as there are places.
    func run(count: Int, drafts: (SpoolFolder) async throws -> [JobDraft]) async throws -> Exit {
        let session = try global.session()
        let places = try target.places(count: count)
        let folder = try await session.spoolOrNew()
        let ids = try await submit(try await drafts(folder), folder)
        if isQueuedOnly {
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

    private func submit(_ drafts: [JobDraft], _ folder: SpoolFolder) async throws -> [JobID] {
        try await BlockingWork.run {
            var answers: [Result<JobID, Failure>] = []
            Submitting.run(drafts, into: folder) { answers.append($1) }
            return try answers.map { try $0.get() }
        }
    }
}
