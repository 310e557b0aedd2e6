import JobCore
import Logging
import Spool

/// Removes ended jobs that are older than the settings allow. By a clock of its own: whether jobs come, run or fail
/// makes no difference to it.
///
/// In a restored copy nothing goes before a person resumes: they may be here for just the old jobs.
struct Retention: Sendable {
    private let folder: SpoolFolder
    /// Nil: every job stays until a person removes it.
    private let days: Int?
    private let logger: Logger

    /// Between two looks.
    static let interval = Duration.seconds(3600)
    /// Before the first: others come first.
    static let pace = Duration.seconds(30)

    init(folder: SpoolFolder, days: Int?, logger: Logger) {
        (self.folder, self.days, self.logger) = (folder, days, logger)
    }

    var isWanted: Bool { days != nil }

    /// One look, and what follows from it.
    func round() async {
        guard let days else { return }
        let folder = folder
        do {
            let report = try await BlockingWork.run { () throws -> CleanupReport in
                guard try !folder.arePaidLanesPaused() else { return CleanupReport() }
                return try folder.execute(try folder.cleanupPlan(CleanupRule(days: days, at: folder.wallTime)))
            }
            if report.deletedJobs > 0 {
                logger.notice("old jobs removed", metadata: ["jobs": "\(report.deletedJobs)", "days": "\(days)"])
            }
            if let failure = report.failures.first {
                logger.warning(
                    "old jobs could not be removed",
                    metadata: ["jobs": "\(report.failureCount)", "first": "\(failure)"])
            }
        } catch {
            logger.warning("old jobs could not be looked for", metadata: ["error": "\(error)"])
        }
    }
}
