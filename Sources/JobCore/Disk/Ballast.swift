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
    /// A disk may also have no room for another file, though it has bytes; each ending makes one before it removes one.
    public static let mostFiles: Int64 = 16
    /// The part of a disk that is kept back at most: a 64th.
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
        /// Make the ballast, of so many bytes and files; then look again.
        case make(bytes: Int64, files: Int64)
        /// Open the queue.
        case open
    }

    /// The ballast's size in bytes: 32 MiB, on small disks a 64th of the whole.
    public static func size(in space: DiskSpace) -> Int64 {
        min(largest, max(space.totalBytes, 0) / share / 4096 * 4096)
    }

    /// How many empty files belong to the ballast: 16, fewer where there cannot be many, none where nobody counts them.
    public static func files(in space: DiskSpace) -> Int64 {
        space.totalFiles <= 0 ? 0 : min(mostFiles, max(space.totalFiles / share, 1))
    }

    /// What follows from a look.
    public static func step(_ look: Look) -> Step {
        let (size, files) = (size(in: look.space), files(in: look.space))
        func has(_ times: Int64) -> Bool {
            look.space.freeBytes >= times * size && (files == 0 || look.space.freeFiles >= times * files)
        }
        guard look.isThere else { return has(2) ? .make(bytes: size, files: files) : .wait }
        guard look.isClosed else { return .nothing }
        return has(1) ? .open : .wait
    }
}
