import Foundation
import JobCore
import Spool

/// Reads the predecessor's database and brings its jobs into the spool, or says what it would bring.
struct MigrationRun: Sendable {
    let session: Session
    let folder: SpoolFolder
    /// Absolute path.
    let database: String
    let isExecuting: Bool

    /// - Returns: what is new, what was there, what failed.
    func plan() throws -> MigrationPlan {
        var plan = MigrationPlan()
        try PredecessorDatabase(database, for: folder).read { rows in
            let jobs = rows.map { MigratedJob($0, runpod: session.settings.runpod, at: folder.wallTime) }
            let isPresent = try jobs.map { try folder.isPresent($0) }
            let results = isExecuting ? folder.migrate(jobs) : []
            for (index, job) in jobs.enumerated() {
                if isPresent[index] {
                    plan.notePresent()
                } else if isExecuting {
                    note(results[index], of: job, in: &plan)
                } else {
                    plan.note(job, isThere: Self.isThere)
                }
            }
        }
        return plan
    }

    private func note(_ result: SpoolFolder.MigrationResult, of job: MigratedJob, in plan: inout MigrationPlan) {
        switch result {
        case .taken: plan.note(job, isThere: Self.isThere)
        case .present: plan.notePresent()
        case .foreign: plan.noteFailure(of: job.id, "another job, which has lost its file, has this id")
        case .failed(let error): plan.noteFailure(of: job.id, "\(error)")
        }
    }

    private static func isThere(_ path: String) -> Bool { FileManager.default.isReadableFile(atPath: path) }
}
