import JobCore
import Spool

/// What an actor was told.
enum Answer: Sendable, Equatable, CustomStringConvertible {
    case accepted, refused(String)
    case canceled, ended(JobState), missing
    case deleted, running
    case seen(JobState?)
    case claimed(Int), notClaimed(String)
    /// It was recorded, put back, moved; or somebody else was faster.
    case yes, no
    /// The monitor failed this attempt.
    case failedAttempt(Int)
    case repaired([RepairStep])
    /// An error that no simulation plans.
    case threw(String)

    var description: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let reason): "refused: \(reason)"
        case .canceled: "canceled"
        case .ended(let state): "is \(state.rawValue)"
        case .missing: "missing"
        case .deleted: "deleted"
        case .running: "is running"
        case .seen(let state): state?.rawValue ?? "nowhere"
        case .claimed(let attempt): "attempt \(attempt)"
        case .notClaimed(let reason): reason
        case .yes: "yes"
        case .no: "no"
        case .failedAttempt(let attempt): "failed attempt \(attempt)"
        case .repaired(let steps): steps.isEmpty ? "nothing" : steps.map(Self.name).joined(separator: ", ")
        case .threw(let error): "threw \(error)"
        }
    }

    private static func name(_ step: RepairStep) -> String {
        switch step {
        case .stopProcesses: "stopProcesses"
        case .fail(let failure): "fail(\(failure.code.rawValue))"
        default: "\(step)".replacing("JobCore.", with: "")
        }
    }
}
