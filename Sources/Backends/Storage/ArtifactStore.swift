public import JobCore

/// Where finished artifacts are published: the object storage of the settings, or none.
///
/// It stores and removes what it is told; what that is, and what is written down before, is the caller's business.
public struct ArtifactStore: Sendable {
    /// A file to store.
    public struct File: Sendable {
        public let name: String
        /// Absolute path.
        public let path: String
        /// Lower-case hexadecimal digits where it is known.
        public let sha256: String?

        public init(name: String, path: String, sha256: String?) {
            (self.name, self.path, self.sha256) = (name, path, sha256)
        }
    }

    private let access: StorageAccess?, problem: Failure?
    private let client: HTTPClient
    /// The tries of one request, and the sizes that go in parts.
    var retries = HTTPRetries()
    var largestSinglePut = ObjectStore.largestSinglePut, partSize = ObjectStore.partSize

    /// The storage of the set-up.
    public init(_ configuration: BackendConfiguration) {
        (access, problem, client) = (configuration.storage, configuration.storageProblem, .shared)
    }

    /// Whether the settings want artifacts to be published, be they right or wrong.
    public var isWanted: Bool { access != nil || problem != nil }

    /// What is wrong with the settings, where something is.
    public var complaint: Failure? { problem }

    /// Where new artifacts go; nil when the settings name no usable place.
    public var place: StoragePlace? { access?.place }

    /// Stores files under a folder's keys, whole or not at all each.
    ///
    /// - Parameters:
    ///   - isResuming: an earlier owner may have stored some: what is there with the right size stays.
    ///   - progress: bytes that are stored, of all.
    /// - Throws: `config_error` that names the setting; `internal_error`, retryable for what may pass;
    ///   `CancellationError`: an upload in parts is given up then, one in a piece may yet arrive.
    public func put(
        _ files: [File], under folder: StorageFolder, at place: StoragePlace?, isResuming: Bool,
        progress: @escaping @Sendable (_ sent: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws {
        let store = try store(at: place)
        let sizes = try await BlockingWork.run { try files.map(Self.size) }
        let total = sizes.reduce(0, +)
        var done: Int64 = 0
        for (file, size) in zip(files, sizes) {
            guard let key = folder.key(of: file.name) else {
                throw Failure(.internalError, "The file \(file.name) cannot be named in object storage.")
            }
            let isThere = isResuming ? try await store.head(key)?.size == size : false
            if !isThere {
                let before = done
                try await store.put(
                    file.path, as: key, contentType: ContentType.of(file.name), sha256: file.sha256
                ) { sent, _ in progress(before + sent, total) }
            }
            done += size
        }
    }

    /// Removes all that lies under a folder's keys, and gives up uploads in parts.
    ///
    /// - Returns: how many objects and uploads there were; 0 says that nothing is left.
    public func removeAll(under folder: StorageFolder, at place: StoragePlace) async throws -> Int {
        do {
            return try await store(at: place).removeAll(prefix: folder.prefix)
        } catch let failure as Failure where failure.message.contains(": NoSuchBucket,") {
            // Nothing is in a bucket that does not exist.
            return 0
        }
    }

    /// Asks the storage for an object that is not there: what answers takes the key, and has the bucket.
    ///
    /// - Throws: `config_error` that names the setting.
    public func check() async throws {
        let store = try store(at: nil)
        guard let key = StorageKey("kinospool-doctor") else { return }
        _ = try await store.head(key)
    }

    private func store(at place: StoragePlace?) throws(Failure) -> ObjectStore {
        if let problem { throw problem }
        guard let access else {
            throw Failure(
                .configError, "Object storage is not set up.", hint: "Set R2_BUCKET or S3_BUCKET and its key again.")
        }
        guard let reaching = place.map({ access.reaching($0) }) ?? access else {
            throw Failure(
                .configError,
                "The objects are at \(place?.endpoint ?? ""), and the settings name \(access.endpoint.shown).",
                hint: "Set AWS_ENDPOINT_URL to \(place?.endpoint ?? "the storage") and its key again.")
        }
        var store = ObjectStore(reaching, client: client)
        (store.retries, store.largestSinglePut, store.partSize) = (retries, largestSinglePut, partSize)
        return store
    }

    private static func size(of file: File) throws(Failure) -> Int64 {
        guard let size = ScratchFile.size(of: file.path) else {
            throw Failure(.internalError, "The file \(file.name) to store is missing.", isRetryable: false)
        }
        return size
    }
}
