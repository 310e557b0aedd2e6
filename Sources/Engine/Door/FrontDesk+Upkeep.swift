public import JobCore
import Spool

/// Keeping the spool tidy.
extension FrontDesk {
    /// What a cleanup would remove, and what it has removed where it was carried out.
    ///
    /// - Parameter days: jobs that ended longer ago go; nil: leftovers alone.
    public func cleanUp(days: Int?, isExecuting: Bool) async throws -> (plan: CleanupPlan, report: CleanupReport?) {
        let herald = herald
        return try await onDisk { folder in
            let rule = days.map { CleanupRule(days: $0, at: folder.wallTime) }
            var plan = try rule.map { try folder.cleanupPlan($0) } ?? CleanupPlan(nil)
            plan.leftovers = try folder.leftovers()
            guard isExecuting else { return (plan, nil) }
            var report = try folder.execute(plan) { herald.touch([$0]) }
            folder.remove(plan.leftovers, into: &report)
            return (plan, report)
        }
    }
}
