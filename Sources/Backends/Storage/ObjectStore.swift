public import JobCore

/// An S3-compatible bucket: Cloudflare R2, AWS, MinIO, SeaweedFS, RunPod's volumes.
///
/// Every request is signed anew for each try. What may be repeated is, after errors that pass.
/// - Throws: every function throws `config_error` that names the setting when the storage refuses the key, the
///   secret, the bucket or the region; `internal_error`, retryable, for what may pass; `CancellationError`.
public struct ObjectStore: Sendable {
    /// The largest file that goes in one piece, 64 MiB; larger ones go in parts.
    public static let largestSinglePut: Int64 = 64 << 20
    /// The size of a part, 16 MiB; larger where there would be more than 9000, of 10,000 allowed.
    static let partSize: Int64 = 16 << 20

    public let access: StorageAccess
    let client: HTTPClient
    /// The tries of one request.
    var retries = HTTPRetries()
    var largestSinglePut = Self.largestSinglePut, partSize = Self.partSize
    private let now: @Sendable () -> Timestamp

    public init(_ access: StorageAccess, client: HTTPClient) {
        self.init(access, client: client, now: { .wall })
    }

    init(_ access: StorageAccess, client: HTTPClient, now: @escaping @Sendable () -> Timestamp) {
        (self.access, self.client, self.now) = (access, client, now)
    }

    // MARK: - Objects

    /// Stores a file under a key, over what may be there; it is there as a whole or not at all.
    ///
    /// A failed or cancelled upload in parts is given up at the storage, too. A cancelled upload in one piece may have
    /// arrived: remove the key then.
    ///
    /// - Parameters:
    ///   - sha256: the file's, where it is known: AWS and R2 then refuse other bytes, SeaweedFS does not look.
    ///   - contentType: as browsers are told.
    public func put(
        _ path: String, as key: StorageKey, contentType: String, sha256: String? = nil,
        progress: @escaping @Sendable (_ sent: Int64, _ total: Int64) -> Void = { _, _ in }
    ) async throws {
        let size = try await BlockingWork.run {
            guard let size = ScratchFile.size(of: path) else {
                throw Failure(.internalError, "The file \(path.split(separator: "/").last ?? "") to store is missing.")
            }
            return size
        }
        guard size <= largestSinglePut else {
            return try await putInParts(path, size, as: key, contentType: contentType, progress: progress)
        }
        let response = try await perform(
            .put, key, headers: ["Content-Type": contentType], payload: sha256 ?? Signature.unsignedPayload,
            body: .file(path: path, offset: 0, length: size))
        guard response.isSuccess else { throw StorageProblem.failure("PUT \(key)", response, access) }
        progress(size, size)
    }

    /// Fetches an object into a file, taken up where an earlier try broke.
    ///
    /// - Parameter limit: most bytes of the object.
    /// - Throws: `invalid_job` when there is no such object, or it is larger.
    public func get(
        _ key: StorageKey, to path: String, limit: Int64,
        progress: @escaping @Sendable (Int64, Int64?) -> Void = { _, _ in }
    ) async throws -> HTTPDownload {
        // A presigned URL outlives the fifteen minutes of a signed header: a download may take longer.
        var request =
            access.takesSignedLinks
            ? HTTPRequest(.get, presignedGet(key, seconds: 6 * 3600))
            : signed(.get, key, [:], [:], Signature.emptyPayload, .none)
        request.maximumBody = limit
        request.limits = .transfer
        // A storage that sends elsewhere was asked at the wrong place.
        request.maximumRedirects = 0
        do throws(HTTPFailure) {
            return try await client.download(request, to: path, retries: retries, progress: progress)
        } catch {
            if error.status == 404, !error.message.contains("NoSuchBucket") {
                throw Failure(.invalidJob, "There is no object \(key) in bucket \(access).")
            }
            if error.reason == .tooLarge {
                throw Failure(.invalidJob, "The object \(key) is larger than \(limit) bytes.")
            }
            if let status = error.status {
                throw try await refusal(of: key, status, error)
            }
            throw StorageProblem.error(error)
        }
    }

    /// What is known of an object, nil when there is none.
    public func head(_ key: StorageKey) async throws -> StoredObject? {
        let response = try await perform(.head, key, payload: Signature.emptyPayload)
        if response.status == 404 { return nil }
        guard response.isSuccess else { throw StorageProblem.failure("HEAD \(key)", response, access) }
        return StoredObject(key: key, size: response.head.contentLength ?? 0, tag: response.headers["ETag"])
    }

    /// Removes an object; one that is not there is no error.
    public func remove(_ key: StorageKey) async throws {
        let response = try await perform(.delete, key, payload: Signature.emptyPayload)
        guard response.isSuccess || response.status == 404 && StorageXML(response.body)["Code"] != "NoSuchBucket" else {
            throw StorageProblem.failure("DELETE \(key)", response, access)
        }
    }

    /// Removes all objects whose keys begin so, and gives up uploads in parts that were left there.
    ///
    /// - Returns: how many objects and uploads there were.
    @discardableResult public func removeAll(prefix: String) async throws -> Int {
        // Uploads first: what becomes an object before it is given up is found among the objects.
        let uploads = try await uploads(prefix: prefix)
        for upload in uploads { try await giveUp(upload.id, upload.key) }
        let objects = try await list(prefix: prefix)
        for object in objects { try await remove(object.key) }
        return objects.count + uploads.count
    }

    /// All objects whose keys begin so, in the order of their keys. Keys that `StorageKey` refuses are left out.
    public func list(prefix: String) async throws -> [StoredObject] {
        var objects: [StoredObject] = []
        var token: String?
        repeat {
            var query = ["list-type": "2", "prefix": prefix, "max-keys": "1000"]
            query["continuation-token"] = token
            let response = try await perform(.get, nil, query: query, payload: Signature.emptyPayload)
            guard response.isSuccess else { throw StorageProblem.failure("LIST \(prefix)", response, access) }
            let document = StorageXML(response.body)
            objects += document.elements("Contents").compactMap { entry in
                guard let key = entry["Key"].flatMap({ StorageKey($0) }) else { return nil }
                return StoredObject(key: key, size: entry["Size"].flatMap { Int64($0) } ?? 0, tag: entry["ETag"])
            }
            token = document["IsTruncated"] == "true" ? document["NextContinuationToken"] : nil
        } while token != nil
        return objects
    }

    // MARK: - URLs

    /// A URL by which anybody may read the object: the public one where there is one, else one that lives 7 days.
    public func link(to key: StorageKey) -> WebURL {
        access.publicURL(of: key) ?? presignedGet(key, seconds: Signature.longestLife)
    }

    /// A URL that lets its holder read the object for a while, at most 7 days.
    public func presignedGet(_ key: StorageKey, seconds: Int) -> WebURL {
        Signature(access, now: now()).presigned("GET", access.url(of: key), seconds: seconds)
    }

    /// A URL that lets its holder write the object for a while, at most 7 days; without any header that is signed.
    public func presignedPut(_ key: StorageKey, seconds: Int) -> WebURL {
        Signature(access, now: now()).presigned("PUT", access.url(of: key), seconds: seconds)
    }

    // MARK: - Requests

    /// One signed request, repeated while that may help.
    func perform(
        _ method: HTTPRequest.Method, _ key: StorageKey?, query: [String: String] = [:],
        headers: [String: String] = [:], payload: String, body: HTTPRequest.Body = .none
    ) async throws -> HTTPResponse {
        var tries = 0
        while true {
            tries += 1
            let request = signed(method, key, query, headers, payload, body)
            var wait: Duration?
            do throws(HTTPFailure) {
                let response = try await client.send(request)
                let isPassing = HTTPFailure.passingStatuses.contains(response.status)
                guard isPassing, method.isRepeatable, tries < retries.limit else { return response }
                wait = response.head.retryAfter(now: now())
            } catch {
                let mayRepeat = method.isRepeatable || !error.mayHaveArrived
                guard error.isRetryable, mayRepeat, tries < retries.limit else { throw StorageProblem.error(error) }
            }
            try await retries.pause(HTTPRetries.wait(afterTries: tries, asked: wait))
        }
    }

    func signed(
        _ method: HTTPRequest.Method, _ key: StorageKey?, _ query: [String: String], _ headers: [String: String],
        _ payload: String, _ body: HTTPRequest.Body
    ) -> HTTPRequest {
        let url = access.url(of: key, query: query.isEmpty ? nil : PercentEncoding.query(query))
        let signature = Signature(access, now: now()).headers(method.rawValue, url, payload: payload)
        var request = HTTPRequest(method, url, body: body)
        for (name, value) in headers.merging(signature, uniquingKeysWith: { first, _ in first }) {
            request.headers.add(name, value)
        }
        request.limits = .transfer
        request.maximumBody = 8 << 20
        request.maximumRedirects = 0
        return request
    }

    /// Asks once more in the signed form, whose answer has the code that the failure lacks.
    private func refusal(of key: StorageKey, _ status: Int, _ failure: HTTPFailure) async throws -> any Error {
        var request = signed(.get, key, [:], [:], Signature.emptyPayload, .none)
        request.headers.add("Range", "bytes=0-0")
        guard let response = try? await client.send(request), !response.isSuccess else {
            return StorageProblem.error(failure)
        }
        return StorageProblem.failure("GET \(key)", response, access)
    }
}
