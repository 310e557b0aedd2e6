/// Decides about the ballast: room that lies ready for the day on which the disk is full.
///
/// On a full disk a rename into a folder that must grow fails, and with it every way out of `running/`. Then the
/// ballast is thrown off, the step is repeated once, and the queue is closed until the ballast is back.
///
/// Invariants:
/// 1. Only what a full disk closed is opened here: a person's pause is another file (`SpoolLayout.paused`).
/// 2. The queue is opened no sooner than there is as much room again as the ballast takes, so that it does not open
///    and close from one minute to the next.
public enum Ballast {
    /// Enough for the endings of some thousand jobs.
    public static let largest: Int64 = 32 << 20
    /// The smallest part of a disk that may be kept back: a 64th.
    public static let share: Int64 = 64

    /// What a look at the disk told.
    public struct Look: Sendable, Equatable {
        /// Whether the ballast lies there.
        public var isThere: Bool
        /// Whether the queue is closed because the disk was full.
        public var isClosed: Bool
        public var space: DiskSpace

        public init(isThere: Bool, isClosed: Bool, space: DiskSpace) {
            (self.isThere, self.isClosed, self.space) = (isThere, isClosed, space)
        }
    }

    /// What is to be done.
    public enum Step: Sendable, Equatable {
        /// All is as it should be.
        case nothing
        /// The disk is too full: look again later.
        case wait
        /// Make the ballast, of so many bytes; then look again.
        case make(Int64)
        /// Open the queue.
        case open
    }

    /// The ballast's size in bytes: 32 MiB, on small disks a 64th of the whole.
    public static func size(in space: DiskSpace) -> Int64 {
        min(largest, max(space.totalBytes, 0) / share / 4096 * 4096)
    }

    public static func step(_ look: Look) -> Step {
        let size = size(in: look.space)
        // As many files as a wave of endings makes; fewer where there cannot be many.
        let hasFiles =
            look.space.totalFiles == 0 || look.space.freeFiles >= min(64, max(look.space.totalFiles / share, 2))
        guard look.isThere else {
            return hasFiles && look.space.freeBytes >= 2 * size ? .make(size) : .wait
        }
        guard look.isClosed else { return .nothing }
        return hasFiles && look.space.freeBytes >= size ? .open : .wait
    }
}
