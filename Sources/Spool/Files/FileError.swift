import Glibc
public import JobCore

/// A failed system call: which, on what, why.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kernel's number.
    public let errno: Int32
    /// The call's name, `renameat2`.
    public let call: String
    /// Relative to the spool.
    public let path: String

    public init(_ errno: Int32, _ call: String, _ path: String) {
        (self.errno, self.call, self.path) = (errno, call, path)
    }

    /// Nothing lies there (any more): for a rename, "somebody else won".
    public var isMissing: Bool { errno == ENOENT }
    /// The name is taken.
    public var isTaken: Bool { errno == EEXIST }
    /// No space, no inodes, or a quota.
    public var isFull: Bool { errno == ENOSPC || errno == EDQUOT }
    /// Nothing may be written, for now or for good.
    public var isReadOnly: Bool { errno == EROFS }

    public var description: String { "\(call) \(path): \(String(cString: strerror(errno))) (errno \(errno))" }

    /// The error as users see it.
    public var failure: Failure {
        switch errno {
        case ENOSPC, EDQUOT: Failure(.diskFull, "The disk is full: \(self).")
        case EACCES, EPERM:
            Failure(
                .configError, "Not allowed: \(self).", hint: "Give your user read and write access to the spool folder."
            )
        case EROFS:
            Failure(
                .configError, "The disk is read-only: \(self).",
                hint: "Mount it writable, or choose another spool with -C.")
        default: Failure(.internalError, "A file operation failed: \(self).")
        }
    }
}

extension FileError {
    /// The name holds something that cannot be a job file: too large, a link, a fifo, a folder, below a file.
    var isNoJobFile: Bool { [EFBIG, EINVAL, ELOOP, EISDIR, ENOTDIR, ENXIO].contains(errno) }
}
