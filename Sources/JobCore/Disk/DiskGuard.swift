/// Decides what a disk that runs low still allows.
///
/// Invariants:
/// 1. Below the limit nothing new starts; what is submitted waits.
/// 2. Work is stopped while there is still room to write down how it ended, long before the ballast is needed.
public struct DiskGuard: Sendable, Equatable {
    /// Below so many bytes nothing new starts (`KINOSPOOL_MIN_FREE`); 0: the disk is not watched.
    public let minimumFree: Int64

    /// Below so many bytes work is stopped: a quarter of the limit, half a gibibyte at most.
    public var smallestRoom: Int64 { min(minimumFree / 4, 512 << 20) }

    /// What free space means.
    public enum Verdict: Sendable, Equatable {
        case open
        /// Nothing new starts.
        case closed
        /// And what fills the disk is stopped, one after the other, until there is room.
        case stop
    }

    public init(minimumFree: Int64) { self.minimumFree = minimumFree }

    public var isOn: Bool { minimumFree > 0 }

    /// - Parameter free: bytes that may still be written.
    public func verdict(free: Int64) -> Verdict {
        guard isOn, free < minimumFree else { return .open }
        return free < smallestRoom ? .stop : .closed
    }

    /// What a job that was stopped is told.
    public static func stopped(free: Int64) -> Failure {
        Failure(
            .diskFull, "Only \(free / 1_000_000) MB are free: the job was stopped before the disk was full.")
    }
}
