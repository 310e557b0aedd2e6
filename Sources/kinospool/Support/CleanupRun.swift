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
        let plan = try await BlockingWork.run {
            var plan = try rule.map { try folder.cleanupPlan($0) } ?? CleanupPlan(nil)
            plan.leftovers = try folder.leftovers()
            return plan
        }
        guard isExecuting else {
            show(plan, nil)
            if !plan.isEmpty { session.console.note("Nothing deleted. To do it: \(command)") }
            // As a check, leftovers are problems; old jobs are none.
            return rule == nil && !plan.leftovers.isEmpty ? .problemsFound : .done
        }
        let report = try await BlockingWork.run {
            var report = try folder.execute(plan)
            folder.remove(plan.leftovers, isDeletingLost: isDeletingLost, into: &report)
            return report
        }
        show(plan, report)
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
