import Backends
import JobCore
import Spool

/// What can reach a running attempt, from any side.
enum AttemptEvent: Sendable {
    case backend(BackendEvent)
    /// The backend is over, with checked artifacts or without.
    case returned(Result<AttemptYield, any Error>)
    /// The backend is over and its artifacts are checked; they are on their way into object storage.
    case made(AttemptYield)
    case heartbeat(HeartbeatThread.Event)
    /// It may not go on: what it would need is not there.
    case stop(Failure)
    /// The process stops.
    case shutdown
}
