/// Something in the spool that no job owns, or a job of which something is missing.
public struct Leftover: Sendable, Equatable {
    /// What it is, and so what may be done about it.
    public enum Kind: String, Sendable, CaseIterable {
        /// A heartbeat file, and nothing else, where no job is.
        case heartbeat
        /// What a submit left that was killed before the job was accepted.
        case submit
        /// The whole record of a job without its file: a person removed the file while no daemon ran, or a copy lost
        /// it. It goes only where that is asked for.
        case lost
        /// What an attempt wrote that counts no more.
        case scratch
        /// A half-made file.
        case temporary
        /// A file that came over HTTP and that no job took.
        case upload
        /// A link in `films/` that leads to nothing.
        case link
        /// A copy of which a restore was taking jobs when it was killed; what it was copied from has them still.
        case staging
        /// Objects in object storage that nobody wants; the daemon removes them.
        case object
        /// A done job of which an artifact is missing or cut: nothing to remove; the job may run again.
        case damaged
    }

    public let kind: Kind
    /// In the spool.
    public let path: String
    /// Whose it was, or is.
    public let job: JobID?
    public let size: TreeSize

    public init(_ kind: Kind, _ path: String, job: JobID? = nil, size: TreeSize = TreeSize()) {
        (self.kind, self.path, self.job, self.size) = (kind, path, job, size)
    }

    /// Whether cleanup takes it away without another word.
    public var isRemovable: Bool {
        switch kind {
        case .heartbeat, .submit, .scratch, .temporary, .upload, .link, .staging: true
        case .lost, .object, .damaged: false
        }
    }

    /// What it is, and what a person can do about it.
    public var sentence: String {
        switch kind {
        case .heartbeat: "a heartbeat file of no job"
        case .submit: "what is left of a submit that was never accepted"
        case .lost: "a record without a job file; take it away: kinospool cleanup --orphaned --execute --delete-lost"
        case .scratch: "what an attempt wrote that counts no more"
        case .temporary: "a half-made file"
        case .upload: "an upload that no job took"
        case .link: "a link to nothing"
        case .staging: "a copy whose restore was cut short; to go on with it: kinospool restore SOURCE"
        case .object: "objects that nobody wants; the daemon takes them away when the storage answers"
        case .damaged:
            "a done job of which a file is missing or cut; make it again: kinospool retry \(job?.text ?? "ID")"
        }
    }

    public var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "path": .string(path), "job_id": job.map { .string($0.text) } ?? .null,
            "files": .integer(Int64(size.files)), "bytes": .integer(size.bytes), "removable": .bool(isRemovable),
        ]
    }
}
