import JobCore

/// Uploads in parts, for files above 64 MiB.
///
/// Invariants:
/// 1. An upload that did not end as an object is given up at the storage, also when the task was cancelled; what
///    could not be given up is found by `removeAll`.
/// 2. An object that appeared counts only when it has the file's size.
extension ObjectStore {
    /// An upload that has no object yet.
    struct Upload: Sendable, Equatable {
        let key: StorageKey
        let id: String
    }

    func putInParts(
        _ path: String, _ size: Int64, as key: StorageKey, contentType: String,
        progress: @escaping @Sendable (Int64, Int64) -> Void
    ) async throws {
        let begun = try await perform(
            .post, key, query: ["uploads": ""], headers: ["Content-Type": contentType],
            payload: Signature.emptyPayload)
        guard begun.isSuccess, let id = StorageXML(begun.body)["UploadId"], !id.isEmpty else {
            throw StorageProblem.failure("POST \(key)?uploads", begun, access)
        }
        do {
            let step = max(partSize, size / 9000 + 1)
            var tags: [String] = []
            for offset in stride(from: 0, to: size, by: Int64.Stride(step)) {
                let body = HTTPRequest.Body.file(path: path, offset: offset, length: min(step, size - offset))
                let response = try await perform(
                    .put, key, query: ["partNumber": "\(tags.count + 1)", "uploadId": id],
                    payload: Signature.unsignedPayload, body: body)
                guard response.isSuccess, let tag = response.headers["ETag"] else {
                    throw StorageProblem.failure("PUT \(key) part \(tags.count + 1)", response, access)
                }
                tags.append(tag)
                progress(min(offset + step, size), size)
            }
            try await complete(id, key, tags, size)
        } catch {
            // The wish to stop must not stop the cleaning up: a task of its own, awaited, that ends within 3 s.
            await Task { await giveUpQuickly(id, key) }.value
            throw error
        }
    }

    private func complete(_ id: String, _ key: StorageKey, _ tags: [String], _ size: Int64) async throws {
        let parts = tags.enumerated().map { index, tag in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(Self.escaped(tag))</ETag></Part>"
        }
        let body = Array("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
        var refusal: (any Error)?
        do {
            let response = try await perform(
                .post, key, query: ["uploadId": id], headers: ["Content-Type": "application/xml"],
                payload: SHA256.hex(of: body), body: .bytes(body))
            // A storage that needs long answers 200 at once, and tells a failure in the body.
            if !response.isSuccess || StorageXML(response.body).elements("Error").count > 0 {
                refusal = StorageProblem.failure("POST \(key)?uploadId", response, access)
            }
        } catch {
            refusal = error
        }
        // The answer may be lost although the object is there, or say yes although it is not whole.
        if refusal is CancellationError { throw CancellationError() }
        if try await head(key)?.size != size {
            throw refusal ?? Failure(.internalError, "Object storage says that \(key) is stored, but it is not whole.")
        }
        if let refusal, (refusal as? Failure)?.isRetryable != true { throw refusal }
    }

    /// All uploads without an object whose keys begin so; of a thousand and more, the first thousand.
    func uploads(prefix: String) async throws -> [Upload] {
        let response = try await perform(
            .get, nil, query: ["uploads": "", "prefix": prefix], payload: Signature.emptyPayload)
        guard response.isSuccess else { throw StorageProblem.failure("LIST uploads \(prefix)", response, access) }
        return StorageXML(response.body).elements("Upload").compactMap { entry in
            guard let key = entry["Key"].flatMap({ StorageKey($0) }), key.text.hasPrefix(prefix),
                let id = entry["UploadId"]
            else { return nil }
            return Upload(key: key, id: id)
        }
    }

    func giveUp(_ id: String, _ key: StorageKey) async throws {
        let response = try await perform(.delete, key, query: ["uploadId": id], payload: Signature.emptyPayload)
        guard response.isSuccess || response.status == 404 else {
            throw StorageProblem.failure("DELETE \(key)?uploadId", response, access)
        }
    }

    private func giveUpQuickly(_ id: String, _ key: StorageKey) async {
        var request = signed(.delete, key, ["uploadId": id], [:], Signature.emptyPayload, .none)
        request.limits.whole = .seconds(3)
        // Best effort: what stays is no object, costs little, and goes with `removeAll`.
        _ = try? await client.send(request)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
