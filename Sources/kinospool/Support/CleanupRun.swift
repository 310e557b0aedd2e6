import JobCore
import Spool

/// One cleanup from the command line: makes the plan, shows it, and carries it out where that was asked for.
struct CleanupRun: Sendable {
    let session: Session
    let folder: SpoolFolder
    /// Nil: leftovers alone.
    let rule: CleanupRule?
    let isExecuting: Bool
    let isDeletingLost: Bool
    /// The same command with which the plan is carried out.
    let command: String

    func exit() async throws -> Exit {
        let (plan, report) = try await BlockingWork.run {
            try folder.cleanUp(rule, isExecuting: isExecuting, isDeletingLost: isDeletingLost)
        }
        show(plan, report)
        guard let report else {
            if !plan.isEmpty { session.console.note("Nothing deleted. To do it: \(command)") }
            // As a check, leftovers are problems; old jobs are none.
            return rule == nil && !plan.leftovers.isEmpty ? .problemsFound : .done
        }
        for failure in report.failures { session.console.error("kinospool: \(failure)") }
        guard report.failureCount > 0 else { return .done }
        return report.deletedJobs + report.deletedLeftovers > 0 ? .partly : .failed
    }

    private func show(_ plan: CleanupPlan, _ report: CleanupReport?) {
        let console = session.console
        guard !console.isJSON else { return console.data(plan.json(report)) }
        if let report {
            console.data(CleanupText.report(report))
        } else {
            for line in CleanupText.plan(plan) { console.data(line) }
        }
    }
}
