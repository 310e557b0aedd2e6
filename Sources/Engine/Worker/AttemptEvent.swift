import Backends
import JobCore
import Spool

/// What can reach a running attempt, from any side.
enum AttemptEvent: Sendable {
    case backend(BackendEvent)
    /// The backend is over, with checked artifacts or without.
    case returned(Result<[Artifact], any Error>)
    case heartbeat(HeartbeatThread.Event)
    /// The process stops.
    case shutdown
}
