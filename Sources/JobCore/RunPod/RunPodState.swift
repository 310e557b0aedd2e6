/// What RunPod says a run is doing. Source: https://docs.runpod.io/serverless/endpoints/job-states
public enum RunPodState: Sendable, Equatable {
    case queued, running, completed, failed, canceled, timedOut
    /// A word that this version does not know: not final.
    case unknown(String)

    public init(_ word: String) {
        switch word.uppercased() {
        case "IN_QUEUE": self = .queued
        // The documents name RUNNING; the service never says it.
        case "IN_PROGRESS", "RUNNING": self = .running
        case "COMPLETED": self = .completed
        case "FAILED": self = .failed
        case "CANCELLED", "CANCELED": self = .canceled
        case "TIMED_OUT": self = .timedOut
        default: self = .unknown(String(word.prefix(40)))
        }
    }

    /// Nothing follows it, whatever a late report says.
    public var isFinal: Bool {
        switch self {
        case .completed, .failed, .canceled, .timedOut: true
        case .queued, .running, .unknown: false
        }
    }
}
