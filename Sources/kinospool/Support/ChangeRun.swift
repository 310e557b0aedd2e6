import JobCore
import Spool

/// Does one thing to each of several jobs, and goes on after one that it cannot be done to.
struct ChangeRun: Sendable {
    let session: Session
    let folder: SpoolFolder

    /// What to print for a job it was done to.
    struct Answer: Sendable {
        /// `ID canceled`
        let word: String
        let fields: [String: JSONValue]
    }

    /// - Parameter change: blocking; throws why not.
    func exit(_ names: [String], _ change: @escaping @Sendable (JobID) throws -> Answer) async throws -> Exit {
        let selection = try await JobSelector(folder: folder).jobs(names)
        return try await BlockingWork.run {
            var tally = Tally()
            for problem in selection.problems {
                session.console.report(problem)
                tally.failed(problem.exit)
            }
            for id in selection.ids {
                do {
                    let answer = try change(id)
                    tell(id, answer)
                    tally.succeeded()
                } catch {
                    let problem = CommandError(wrapping: error)
                    session.console.report(problem)
                    tally.failed(problem.exit)
                }
            }
            return tally.exit
        }
    }

    private func tell(_ id: JobID, _ answer: Answer) {
        guard session.console.isJSON else { return session.console.data("\(id) \(answer.word)") }
        var fields = answer.fields
        fields["v"] = 1
        fields["job_id"] = .string(id.text)
        session.console.data(.object(fields))
    }
}
