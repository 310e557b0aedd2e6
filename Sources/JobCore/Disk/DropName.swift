/// What a file name in a drop folder says before anybody opens the file.
public enum DropName: Sendable, Equatable {
    /// A temporary or private name of some program: never touched, never a job.
    case ignored
    /// A job file; the stem becomes the id where it can.
    case job(stem: String)
    /// Anything else: a job file's attachment in `inbox`, a mistake in `queued`.
    case other

    /// Names as editors, browsers, rsync, scp clients, NFS, SMB and macOS make them while they work.
    public init(_ name: String) {
        if Self.isTemporary(name) {
            self = .ignored
        } else if name.count > 5, name.lowercased().hasSuffix(".json") {
            self = .job(stem: String(name.dropLast(5)))
        } else {
            self = .other
        }
    }

    private static let temporarySuffixes = [
        "~", ".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", ".swx", ".swo", ".lock",
        ".temp", ".rsync-partial",
    ]

    private static func isTemporary(_ name: String) -> Bool {
        let lowered = name.lowercased()
        return lowered.hasPrefix(".") || temporarySuffixes.contains { lowered.hasSuffix($0) }
            || (lowered.hasPrefix("#") && lowered.hasSuffix("#"))
            || lowered == "4913"  // vim's probe whether a folder is writable
            || lowered.contains(".sb-")  // macOS safe save
    }
}
