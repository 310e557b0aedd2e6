import Foundation
public import JobCore
import Synchronization

/// An S3 bucket in memory that does what a test writes down, also what a real one does at its worst.
public final class FakeStorage: Sendable {
    private struct State {
        var objects: [String: Int] = [:]
        var uploads: [String: String] = [:]
        var parts: [String: [Int: Int]] = [:]
        var puts = 0
    }

    public static let bucket = "films", keyID = "AKFAKE", secret = "hush/hush+hush"

    private let state = Mutex(State())
    private let box = Mutex<FakeHTTPServer?>(nil)
    private let trouble: @Sendable (FakeHTTPRequest) -> FakeHTTPReply?

    /// - Parameter trouble: another answer than the honest one; the request then changes nothing.
    public init(trouble: @escaping @Sendable (FakeHTTPRequest) -> FakeHTTPReply? = { _ in nil }) throws {
        self.trouble = trouble
        let server = try FakeHTTPServer { [weak self] request in self?.answer(request) ?? .close }
        box.withLock { $0 = server }
    }

    public var endpoint: String { box.withLock { $0?.url("") } ?? "" }

    public func stop() { box.withLock { $0?.stop() } }

    /// Waits for so many requests of any kind.
    public func received(_ count: Int) async {
        let server = box.withLock { $0 }
        await server?.received(count)
    }

    public var requests: [FakeHTTPRequest] { box.withLock { $0?.requests } ?? [] }
    /// Keys and sizes of all objects.
    public var objects: [String: Int] { state.withLock { $0.objects } }
    /// Keys of uploads in parts that are neither whole nor given up.
    public var uploads: [String] { state.withLock { $0.uploads.values.sorted() } }
    public var isEmpty: Bool { objects.isEmpty && uploads.isEmpty }

    /// Puts an object there, or begins an upload in parts, as somebody did before.
    public func place(_ key: String, size: Int) { state.withLock { $0.objects[key] = size } }
    public func beginUpload(_ key: String) { state.withLock { $0.uploads["old-\($0.uploads.count)"] = key } }

    public func access(publicBase: String? = nil) -> StorageAccess? {
        WebURL(endpoint).map {
            StorageAccess(
                bucket: Self.bucket, endpoint: $0, region: "auto", keyID: Self.keyID, secret: Self.secret,
                publicBase: publicBase.flatMap { WebURL($0) })
        }
    }

    /// The set-up's settings for it.
    public var environment: [String: String] {
        [
            "S3_BUCKET": Self.bucket, "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": Self.keyID,
            "AWS_SECRET_ACCESS_KEY": Self.secret,
        ]
    }

    /// What servers say to a wrong secret.
    public static let wrongSecret = error(403, "SignatureDoesNotMatch")

    public static func error(_ status: Int, _ code: String) -> FakeHTTPReply {
        .text(status, "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>no</Message></Error>")
    }

    private func answer(_ request: FakeHTTPRequest) -> FakeHTTPReply {
        trouble(request) ?? honest(request)
    }

    /// The answer of a storage that works, with all that follows from it.
    public func honest(_ request: FakeHTTPRequest) -> FakeHTTPReply {
        let path = request.path.removingPercentEncoding ?? request.path
        let items = Self.items(request.query)
        let prefix = "/\(Self.bucket)"
        guard path.hasPrefix(prefix) else { return Self.error(404, "NoSuchBucket") }
        let key = String(path.dropFirst(prefix.count + 1))
        switch request.method {
        case "GET" where key.isEmpty && items["uploads"] != nil: return listUploads(items["prefix"] ?? "")
        case "GET" where key.isEmpty: return listObjects(items["prefix"] ?? "")
        case "HEAD":
            guard let size = objects[key] else { return .text(404, "") }
            return FakeHTTPReply([.send(FakeHTTPReply.head(200, [("Content-Length", "\(size)")]))])
        case "GET":
            guard let size = objects[key] else { return Self.error(404, "NoSuchKey") }
            return .bytes(200, [UInt8](repeating: 0, count: size))
        case "PUT": return put(key, items, request.body.count)
        case "POST": return post(key, items)
        case "DELETE":
            state.withLock { state in
                if let id = items["uploadId"] { state.uploads[id] = nil } else { state.objects[key] = nil }
            }
            return .text(204, "")
        default: return .text(405, "")
        }
    }

    private func put(_ key: String, _ items: [String: String], _ size: Int) -> FakeHTTPReply {
        state.withLock { state in
            if let id = items["uploadId"] {
                guard state.uploads[id] == key else { return Self.error(404, "NoSuchUpload") }
                state.parts[id, default: [:]][items["partNumber"].flatMap { Int($0) } ?? 0] = size
            } else {
                state.objects[key] = size
            }
            return .text(200, "", headers: [("ETag", "\"e\(size)\"")])
        }
    }

    private func post(_ key: String, _ items: [String: String]) -> FakeHTTPReply {
        state.withLock { state in
            if let id = items["uploadId"] {
                guard state.uploads[id] == key else { return Self.error(404, "NoSuchUpload") }
                state.objects[key] = (state.parts[id] ?? [:]).values.reduce(0, +)
                state.uploads[id] = nil
                return .text(200, "<CompleteMultipartUploadResult/>")
            }
            state.puts += 1
            state.uploads["u\(state.puts)"] = key
            return .text(
                200,
                "<InitiateMultipartUploadResult><UploadId>u\(state.puts)</UploadId></InitiateMultipartUploadResult>")
        }
    }

    private func listObjects(_ prefix: String) -> FakeHTTPReply {
        let found = objects.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }
        let entries = found.map { "<Contents><Key>\($0.key)</Key><Size>\($0.value)</Size></Contents>" }.joined()
        return .text(200, "<ListBucketResult><IsTruncated>false</IsTruncated>\(entries)</ListBucketResult>")
    }

    private func listUploads(_ prefix: String) -> FakeHTTPReply {
        let found = state.withLock { $0.uploads }.filter { $0.value.hasPrefix(prefix) }
        let entries = found.map { "<Upload><Key>\($0.value)</Key><UploadId>\($0.key)</UploadId></Upload>" }.joined()
        return .text(200, "<ListMultipartUploadsResult>\(entries)</ListMultipartUploadsResult>")
    }

    private static func items(_ query: String) -> [String: String] {
        var items: [String: String] = [:]
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            items[String(parts[0])] = parts.count > 1 ? String(parts[1]).removingPercentEncoding : ""
        }
        return items
    }
}
