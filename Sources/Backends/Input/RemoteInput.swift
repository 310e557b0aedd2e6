import JobCore

/// Fetches what a job names by a URL into its scratch folder, where it is looked at like any local file.
///
/// Invariants:
/// 1. Only `http`, `https` and `s3`; a redirect to anything else is refused.
/// 2. No secret of this machine is sent but to the object storage of the settings.
/// 3. The name of the file is ours.
struct RemoteInput: Sendable {
    /// Most bytes of a clip or a sound.
    static let largestFile: Int64 = 20_000_000_000

    let configuration: BackendConfiguration
    var client = HTTPClient.shared
    var retries = HTTPRetries()

    /// The file's absolute path in a folder; one that is there already, from the same URL, is not fetched again.
    ///
    /// - Parameters:
    ///   - limit: most bytes.
    ///   - pointer: JSON pointer of the parameter that named the URL, for messages.
    /// - Throws: `invalid_job` when it is not to be had, `config_error` when this set-up cannot reach it,
    ///   `internal_error`, retryable, for troubles that pass; `disk_full`; `CancellationError`.
    func fetch(_ text: String, into folder: String, limit: Int64, pointer: String) async throws -> String {
        let path = "\(folder)/input-\(SHA256.hex(of: text.utf8).prefix(16))\(Self.ending(text))"
        if try await BlockingWork.run({ ScratchFile.size(of: path) }) != nil { return path }
        if text.lowercased().hasPrefix("s3://") {
            try await fetchObject(text, path, limit, pointer)
        } else {
            try await fetchURL(text, path, limit, pointer)
        }
        return path
    }

    private func fetchURL(_ text: String, _ path: String, _ limit: Int64, _ pointer: String) async throws {
        guard let url = WebURL(text) else {
            throw Failure(.invalidJob, "\(pointer): it is no URL that can be fetched.")
        }
        var request = HTTPRequest(.get, url)
        request.maximumBody = limit
        request.limits = .transfer
        do throws(HTTPFailure) {
            _ = try await client.download(request, to: path, retries: retries)
        } catch {
            switch error.reason {
            case .refused where !error.isRetryable, .tooLarge, .badRedirect:
                throw Failure(
                    .invalidJob, "\(pointer): \(error.message)", hint: "Is the URL right, and not expired? Open it.")
            default: throw error.error(.internalError, hint: "Is the host up? Then: kinospool retry ID.")
            }
        }
    }

    private func fetchObject(_ text: String, _ path: String, _ limit: Int64, _ pointer: String) async throws {
        let parts = text.dropFirst("s3://".count).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, StorageAccess.isLegalBucket(String(parts[0])), let key = StorageKey(parts[1]) else {
            throw Failure(.invalidJob, "\(pointer): an s3 URL looks like s3://bucket/key.")
        }
        if let problem = configuration.storageProblem { throw problem }
        guard let access = configuration.storage else {
            throw Failure(
                .configError, "\(pointer): s3 URLs need object storage, which is not set up here.",
                hint: "Set S3_BUCKET, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        }
        var store = ObjectStore(access.with(bucket: String(parts[0])), client: client)
        store.retries = retries
        do {
            _ = try await store.get(key, to: path, limit: limit)
        } catch let failure as Failure {
            throw Failure(
                failure.code, "\(pointer): \(failure.message)", hint: failure.hint, isRetryable: failure.isRetryable)
        }
    }

    /// `.srt`, where the URL's path ends so: captions are told apart by their names.
    private static func ending(_ text: String) -> String {
        let path = text.prefix { $0 != "?" && $0 != "#" }
        guard let dot = path.lastIndex(of: "."), path[dot...].utf8.count <= 6 else { return "" }
        let ending = path[path.index(after: dot)...].lowercased()
        return ending.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) } ? ".\(ending)" : ""
    }
}
