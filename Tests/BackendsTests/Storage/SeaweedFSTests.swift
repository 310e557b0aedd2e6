import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite("Object storage: a real server", SeaweedFS(), .serialized, .timeLimit(.minutes(10)))
struct SeaweedFSTests {
    let client = HTTPClient(environment: HTTPEnvironment())

    /// A bucket of its own for a test.
    private func store(_ bucket: String, secret: String = SeaweedFS.secret) async throws -> ObjectStore {
        let endpoint = try #require(SeaweedFS.endpoint)
        let access = StorageAccess(
            bucket: bucket, endpoint: endpoint, region: "us-east-1", keyID: SeaweedFS.keyID, secret: secret)
        var store = ObjectStore(access, client: client)
        // A server that has just started answers 5xx for a while.
        store.retries.limit = 6
        return store
    }

    private func makeBucket(_ bucket: String) async throws -> ObjectStore {
        let store = try await store(bucket)
        let response = try await store.perform(.put, nil, payload: Signature.emptyPayload)
        try #require(response.isSuccess, "\(response.excerpt)")
        return store
    }

    private func key(_ text: String) throws -> StorageKey { try #require(StorageKey(text)) }

    private func file(_ scratch: Scratch, _ count: Int) throws -> (path: String, bytes: [UInt8]) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
        let path = "\(scratch.root)/source-\(count)"
        try Data(bytes).write(to: URL(filePath: path))
        return (path, bytes)
    }

    @Test func object_isStoredFetchedListedAndRemoved() async throws {
        try await withScratch { scratch in
            let store = try await makeBucket("films")
            let (path, bytes) = try file(scratch, 100_000)
            let id = try #require(JobID("paper-boats"))
            let key = try key("\(StorageKey.prefix(of: id))a1/ü film (1)+&'=@.mp4")
            #expect(try await store.head(key) == nil)
            try await store.put(path, as: key, contentType: "video/mp4", sha256: SHA256.hex(of: bytes))
            #expect(try await store.head(key)?.size == 100_000)
            let fetched = try await store.get(key, to: scratch.path + "/film", limit: 100_000)
            #expect(
                try Array(scratch.bytes(scratch.path + "/film")) == bytes && fetched.sha256 == SHA256.hex(of: bytes))
            #expect(fetched.head.headers["Content-Type"] == "video/mp4")
            for name in ["jobs/paper-boats/a2/poster.jpg", "jobs/paper-boats2/a1/x"] {
                try await store.put(path, as: self.key(name), contentType: "image/jpeg")
            }
            let listed = try await store.list(prefix: StorageKey.prefix(of: id))
            #expect(listed.map(\.key.text) == [key.text, "jobs/paper-boats/a2/poster.jpg"])
            #expect(listed.map(\.size) == [100_000, 100_000])
            #expect(try await store.removeAll(prefix: StorageKey.prefix(of: id)) == 2)
            #expect(try await store.list(prefix: "jobs/").map(\.key.text) == ["jobs/paper-boats2/a1/x"])
            try await store.remove(key)
            let missing = await failure { _ = try await store.get(key, to: scratch.path + "/none", limit: 1) }
            #expect(missing?.code == .invalidJob && missing?.message.contains("There is no object") == true)
        }
    }

    @Test func largeFile_goesInParts_andComesBackTheSame() async throws {
        try await withScratch { scratch in
            var store = try await makeBucket("parts")
            (store.largestSinglePut, store.partSize) = (6 << 20, 5 << 20)
            let (path, bytes) = try file(scratch, 12_000_001)
            let sent = Mutex<[Int64]>([])
            let key = try key("jobs/a/a1/large.mp4")
            try await store.put(path, as: key, contentType: "video/mp4") { done, _ in
                sent.withLock { $0.append(done) }
            }
            #expect(sent.withLock { $0 } == [5 << 20, 10 << 20, 12_000_001])
            #expect(try await store.uploads(prefix: "").isEmpty)
            let fetched = try await store.get(key, to: scratch.path + "/large", limit: 12_000_001)
            #expect(fetched.sha256 == SHA256.hex(of: bytes))
            let tooLarge = await failure { _ = try await store.get(key, to: scratch.path + "/l", limit: 12_000_000) }
            #expect(tooLarge?.code == .invalidJob)
        }
    }

    @Test func uploadInParts_thatIsCancelled_leavesNeitherObjectNorParts() async throws {
        try await withScratch { scratch in
            var store = try await makeBucket("cancelled")
            (store.largestSinglePut, store.partSize) = (1, 5 << 20)
            let (path, _) = try file(scratch, 12_000_001)
            let key = try key("jobs/a/a1/large.mp4")
            let begun = Gate()
            let task = Task { [store] in
                try await store.put(path, as: key, contentType: "video/mp4") { _, _ in begun.open() }
            }
            await begun.passed()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await store.head(key) == nil)
            #expect(try await store.uploads(prefix: "").isEmpty)
        }
    }

    @Test func uploadsThatWereLeft_goWithTheJob() async throws {
        let store = try await makeBucket("left")
        let key = try key("jobs/a/a1/large.mp4")
        let begun = try await store.perform(.post, key, query: ["uploads": ""], payload: Signature.emptyPayload)
        #expect(begun.isSuccess)
        #expect(try await store.uploads(prefix: "jobs/a/").map(\.key) == [key])
        try await store.removeAll(prefix: "jobs/a/")
        #expect(try await store.uploads(prefix: "").isEmpty)
    }

    @Test func presignedURLs_letTheirHolderIn_andNobodyElse() async throws {
        try await withScratch { scratch in
            let store = try await makeBucket("presigned")
            let key = try key("jobs/a/a1/ü film.mp4")
            let put = store.presignedPut(key, seconds: 60)
            let sent = try await client.send(HTTPRequest(.put, put, body: .bytes(Array("film".utf8))))
            #expect(sent.isSuccess, "\(sent.excerpt)")
            let got = try await client.send(HTTPRequest(.get, store.link(to: key)))
            #expect(String(decoding: got.body, as: UTF8.self) == "film")
            // The signature is for another thing, or there is none.
            let other = try await client.send(HTTPRequest(.delete, store.link(to: key)))
            let bare = try await client.send(HTTPRequest(.get, store.access.url(of: key)))
            #expect(other.status == 403 && bare.status == 403)
            #expect(try await store.head(key)?.size == 4)
        }
    }

    @Test func wrongSecret_isAConfigErrorThatNamesTheSetting() async throws {
        try await withScratch { scratch in
            _ = try await makeBucket("secrets")
            let store = try await store("secrets", secret: "not the secret")
            let (path, _) = try file(scratch, 10)
            let key = try key("jobs/a/a1/x")
            let put = await failure { try await store.put(path, as: key, contentType: "a/b") }
            #expect(put?.code == .configError && put?.hint.contains("AWS_SECRET_ACCESS_KEY") == true)
            #expect(put?.isRetryable == false && put?.message.contains("not the secret") == false)
            let get = await failure { _ = try await store.get(key, to: scratch.path + "/x", limit: 10) }
            #expect(get?.code == .configError && get?.hint.contains("AWS_SECRET_ACCESS_KEY") == true)
            let head = await failure { _ = try await store.head(key) }
            #expect(head?.code == .configError && head?.hint.contains("AWS_SECRET_ACCESS_KEY") == true)
        }
    }

    @Test func wrongKeyID_andMissingBucket_nameTheirSettings() async throws {
        let store = try await makeBucket("known")
        let stranger = StorageAccess(
            bucket: "known", endpoint: store.access.endpoint, region: "us-east-1", keyID: "nobody", secret: "x")
        let key = try key("jobs/a/a1/x")
        let id = await failure { try await ObjectStore(stranger, client: client).remove(key) }
        #expect(id?.code == .configError && id?.hint.contains("AWS_ACCESS_KEY_ID") == true)
        let nowhere = try await self.store("nowhere")
        let bucket = await failure { _ = try await nowhere.list(prefix: "") }
        #expect(bucket?.code == .configError && bucket?.hint.contains("R2_BUCKET or S3_BUCKET") == true)
    }
}
