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
            return try folder.cleanUp(rule, isExecuting: isExecuting) { herald.touch([$0]) }
        }
    }
}
