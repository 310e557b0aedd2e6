/// What a job file tells of its artifacts in object storage. No secret and no signature: links are made when they
/// are shown.
public struct Publication: Sendable, Equatable {
    public let folder: StorageFolder
    /// Where; nil while no storage was ever reached for it.
    public var place: StoragePlace?
    /// False: its artifacts are on their way, or wait for a storage that takes them.
    public var isPublished: Bool
    /// Why it waits, where something went wrong.
    public var error: Failure?

    public init(_ folder: StorageFolder, at place: StoragePlace?, isPublished: Bool, error: Failure? = nil) {
        (self.folder, self.place, self.isPublished, self.error) = (folder, place, isPublished, error)
    }

    /// The form in job files and in `--json`.
    public var json: JSONValue {
        var fields: [String: JSONValue] = place?.fields ?? [:]
        fields["folder"] = .string(folder.name)
        fields["state"] = .string(isPublished ? "published" : "waiting")
        fields["error"] = error?.json
        return .object(fields)
    }

    /// Reads what `json` wrote into the file of this job; nil when it is of none, or of another job.
    public init?(json: JSONValue, of job: JobID) {
        guard let fields = json.object,
            let folder = fields["folder"]?.string.flatMap({ StorageFolder(job: job, name: $0) })
        else { return nil }
        let place = StoragePlace(fields: fields)
        self.init(
            folder, at: place, isPublished: fields["state"]?.string == "published" && place != nil,
            error: fields["error"].flatMap(Failure.init(json:)))
    }

    /// `s3://bucket/key` of an artifact; nil while it is not published.
    public func address(of artifact: String) -> String? {
        guard isPublished, let place, let key = folder.key(of: artifact) else { return nil }
        return "s3://\(place.bucket)/\(key)"
    }

    /// What people are told while it waits.
    public var complaint: String? {
        guard !isPublished else { return nil }
        guard let error else { return "Not in object storage yet; that is tried again." }
        // What mends it first: a warning is cut when it is long.
        return "Not in object storage yet (\(error.code.rawValue)). \(error.hint) \(error.message)"
    }

    /// By which URL an artifact is opened: the public one, else one signed for 7 days; nil while it is not published,
    /// or where this set-up can make none.
    public func link(to artifact: String, through access: StorageAccess?, at now: Timestamp) -> String? {
        guard isPublished, let place, let access = access?.reaching(place), let key = folder.key(of: artifact) else {
            return nil
        }
        if let open = access.publicURL(of: key) { return open.text }
        guard access.takesSignedLinks else { return nil }
        let signature = Signature(access, now: now)
        return signature.presigned("GET", access.url(of: key), seconds: Signature.longestLife).text
    }
}
