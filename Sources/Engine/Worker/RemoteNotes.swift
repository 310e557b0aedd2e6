import JobCore
import Synchronization

/// What an attempt has running elsewhere, known to its worker and to its backend.
final class RemoteNotes: Sendable {
    private let run: Mutex<RunRecord>

    /// - Parameter run: the attempt's record as its owner found it.
    init(_ run: RunRecord) { self.run = Mutex(run) }

    /// The run that goes on, nil for local work.
    var current: RemoteRecord? { run.withLock { $0.remote } }

    /// Every run of the job, the oldest first.
    var all: [RemoteRecord] { run.withLock { $0.remotes } }

    /// Those that nobody wants.
    func unwanted(isCanceled: Bool) -> [RemoteRecord] { run.withLock { $0.unwantedRemotes(isCanceled: isCanceled) } }

    func note(_ record: RemoteRecord) { run.withLock { $0.note(record) } }
}
