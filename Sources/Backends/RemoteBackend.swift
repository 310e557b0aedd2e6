public import JobCore

/// A backend whose work runs at a provider and is paid for there.
///
/// Invariants beside those of `Backend`:
/// 5. A run is remembered before it may cost money, and its id before it is asked for.
/// 6. A run that it is given is gone on with; it starts no other for the same work.
/// 7. When its task is cancelled the run goes on: whoever wants it to end says so by `end`.
public protocol RemoteBackend: Backend {
    /// As in `RemoteRecord.provider`.
    var provider: String { get }

    /// One try to end a run that nobody wants.
    ///
    /// - Returns: what is known of it now; where `mayBill` is still true, to be tried again.
    func end(_ record: RemoteRecord) async -> RemoteRecord
}
