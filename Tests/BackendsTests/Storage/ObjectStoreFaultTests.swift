import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite("Object storage: bad luck", .timeLimit(.minutes(5)))
struct ObjectStoreFaultTests {
    private func store(_ server: FakeHTTPServer) -> ObjectStore {
        let access = StorageAccess(
            bucket: "films", endpoint: url(server), region: "auto", keyID: "AK", secret: "hush")
        var store = ObjectStore(access, client: HTTPClient(environment: HTTPEnvironment())) {
            Timestamp(milliseconds: 1_795_000_000_000)
        }
        store.retries.pause = { _ in }
        (store.largestSinglePut, store.partSize) = (1000, 400)
        return store
    }

    private func key(_ text: String = "jobs/a/a1/film.mp4") throws -> StorageKey { try #require(StorageKey(text)) }

    private func file(_ scratch: Scratch, _ count: Int) throws -> String {
        let path = "\(scratch.root)/source-\(count)"
        try Data(count: count).write(to: URL(filePath: path))
        return path
    }

    private func error(_ status: Int, _ code: String) -> FakeHTTPReply {
        .text(status, "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>no</Message></Error>")
    }

    /// A storage of uploads in parts: answers what `trouble` does not.
    private func parts(
        _ log: StepLog, trouble: @escaping @Sendable (String) -> FakeHTTPReply? = { _ in nil }
    ) throws -> FakeHTTPServer {
        try FakeHTTPServer { request in
            let step = Self.step(request)
            log.add(step)
            if let reply = trouble(step) { return reply }
            switch step {
            case "begin":
                return .text(
                    200, "<InitiateMultipartUploadResult><UploadId>u&amp;1</UploadId></InitiateMultipartUploadResult>")
            case "complete": return .text(200, "<CompleteMultipartUploadResult/>")
            case "give up": return .text(204, "")
            case "head": return .bytes(200, [], headers: [("X-Size", "1001")])
            default: return .text(200, "", headers: [("ETag", "\"t-\(step)\"")])
            }
        }
    }

    private static func step(_ request: FakeHTTPRequest) -> String {
        switch (request.method, request.query) {
        case ("POST", "uploads="): "begin"
        case ("POST", "uploadId=u%261"): "complete"
        case ("DELETE", "uploadId=u%261"): "give up"
        case ("HEAD", ""): "head"
        case ("PUT", let query) where query.hasPrefix("partNumber="): "part \(query.dropFirst(11).prefix(1))"
        default: "\(request.method) \(request.target)"
        }
    }

    @Test func sizeAtTheLimit_goesInOnePiece_andBeyondItInParts() async throws {
        try await withScratch { scratch in
            let log = StepLog()
            // A HEAD tells the size of a body that it does not send.
            let head = FakeHTTPReply([.send(FakeHTTPReply.head(200, [("Content-Length", "1001")]))])
            let server = try parts(log) { $0 == "head" ? head : nil }
            defer { server.stop() }
            let path = try file(scratch, 1000)
            let checksum = SHA256.hex(of: [UInt8](repeating: 0, count: 1000))
            try await store(server).put(path, as: key(), contentType: "video/mp4", sha256: checksum)
            #expect(server.requests[0]["x-amz-content-sha256"] == checksum)
            #expect(log.steps == ["PUT /films/jobs/a/a1/film.mp4"])
            #expect(server.requests[0].body.count == 1000 && server.requests[0]["Content-Type"] == "video/mp4")
            try await store(server).put(try file(scratch, 1001), as: key(), contentType: "video/mp4")
            #expect(log.steps.dropFirst() == ["begin", "part 1", "part 2", "part 3", "complete", "head"])
            #expect(server.requests.filter { $0.query.hasPrefix("part") }.map(\.body.count) == [400, 400, 201])
            let complete = try #require(server.requests.first { Self.step($0) == "complete" })
            #expect(complete.text.contains("<PartNumber>3</PartNumber><ETag>&quot;t-part 3&quot;</ETag>"))
            #expect(complete["x-amz-content-sha256"] == SHA256.hex(of: complete.body))
        }
    }

    @Test(arguments: ["part 2", "complete"]) func failure_inTheMiddle_givesTheUploadUp(place: String) async throws {
        try await withScratch { scratch in
            let log = StepLog()
            let denied = error(403, "AccessDenied")
            let server = try parts(log) { step in
                step == place ? denied : step == "head" ? .text(404, "") : nil
            }
            defer { server.stop() }
            let path = try file(scratch, 1001)
            let failure = await failure { try await store(server).put(path, as: key(), contentType: "a/b") }
            #expect(failure?.code == .configError && failure?.hint.contains("AWS_ACCESS_KEY_ID") == true)
            #expect(log.steps.last == "give up" && log.steps.filter { $0 == "give up" }.count == 1)
        }
    }

    @Test func cancel_whileAPartIsSent_givesTheUploadUp() async throws {
        try await withScratch { scratch in
            let log = StepLog()
            let server = try parts(log) { $0 == "part 2" ? .hang : nil }
            defer { server.stop() }
            let (store, path, key) = (store(server), try file(scratch, 1001), try key())
            let task = Task { try await store.put(path, as: key, contentType: "a/b") }
            await server.received(3)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(log.steps == ["begin", "part 1", "part 2", "give up"])
        }
    }

    @Test func lostAnswerToTheLastStep_isNoFailure_whenTheObjectIsThere() async throws {
        try await withScratch { scratch in
            for (size, isStored) in [(1001, true), (7, false)] {
                let log = StepLog()
                let head = FakeHTTPReply([.send(FakeHTTPReply.head(200, [("Content-Length", "\(size)")]))])
                let server = try parts(log) { $0 == "complete" ? .reset : $0 == "head" ? head : nil }
                defer { server.stop() }
                let path = try file(scratch, 1001)
                let failure = await failure { try await store(server).put(path, as: key(), contentType: "a/b") }
                #expect((failure == nil) == isStored)
                #expect(log.steps.filter { $0 == "complete" }.count == 1)
                #expect(log.steps.contains("give up") != isStored)
            }
        }
    }

    @Test func errorInsideA200_isAFailure() async throws {
        try await withScratch { scratch in
            let log = StepLog()
            let inside = error(200, "InternalError")
            let server = try parts(log) { $0 == "complete" ? inside : $0 == "head" ? .text(404, "") : nil }
            defer { server.stop() }
            let path = try file(scratch, 1001)
            let failure = await failure { try await store(server).put(path, as: key(), contentType: "a/b") }
            #expect(failure?.code == .internalError && failure?.message.contains("InternalError") == true)
        }
    }

    @Test func passingTroubles_arePassedOver_withAFreshSignatureEach() async throws {
        let server = try FakeHTTPServer { request in
            switch request.number {
            case 1: .text(503, "<Error><Code>SlowDown</Code></Error>", headers: [("Retry-After", "1")])
            case 2: .reset
            default: .text(204, "")
            }
        }
        defer { server.stop() }
        try await store(server).remove(key())
        #expect(server.requests.map(\.method) == ["DELETE", "DELETE", "DELETE"])
    }

    @Test func deadStorage_isARetryableFailure_andHidesTheSecret() async throws {
        let server = try FakeHTTPServer { _ in .text(500, "<html>oops</html>") }
        defer { server.stop() }
        let broken = await failure { try await store(server).remove(key()) }
        #expect(broken?.code == .internalError && broken?.isRetryable == true && server.requests.count == 5)
        #expect(broken?.message.contains("hush") == false && broken?.message.contains("status 500") == true)
        let port = try FakeHTTPServer.DeadPort()
        let access = StorageAccess(
            bucket: "films", endpoint: webURL("http://127.0.0.1:\(port.number)"), region: "auto", keyID: "AK",
            secret: "hush")
        var dead = ObjectStore(access, client: HTTPClient(environment: HTTPEnvironment()))
        dead.retries.limit = 1
        let refused = await failure { [dead] in try await dead.remove(key()) }
        #expect(refused?.isRetryable == true && refused?.hint.contains("AWS_ENDPOINT_URL") == true)
    }

    @Test(arguments: [
        (403, "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"), (403, "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
        (404, "NoSuchBucket", "R2_BUCKET"), (400, "AuthorizationHeaderMalformed", "AWS_REGION"),
        (301, "PermanentRedirect", "AWS_ENDPOINT_URL"), (403, "RequestTimeTooSkewed", "clock"),
        (403, "AccessDenied", "AWS_ACCESS_KEY_ID"),
    ])
    func refusal_namesWhatMendsIt(status: Int, code: String, word: String) async throws {
        let reply = error(status, code)
        let server = try FakeHTTPServer { _ in reply }
        defer { server.stop() }
        let failure = await failure { _ = try await store(server).list(prefix: "") }
        #expect(failure?.code == .configError && failure?.hint.contains(word) == true, "\(failure as Any)")
        #expect(server.requests.count == 1)
    }

    @Test func list_goesThroughAllPages() async throws {
        let server = try FakeHTTPServer { request in
            let next = request.query.contains("continuation-token=p%2F2")
            let key = next ? "jobs/b" : "jobs/a&amp;b"
            return .text(
                200,
                """
                <ListBucketResult><IsTruncated>\(!next)</IsTruncated>
                <NextContinuationToken>p/2</NextContinuationToken>
                <Contents><Key>\(key)</Key><Size>3</Size><ETag>"x"</ETag></Contents>
                <Contents><Key>../evil</Key><Size>3</Size></Contents></ListBucketResult>
                """)
        }
        defer { server.stop() }
        let objects = try await store(server).list(prefix: "jobs/")
        #expect(objects.map(\.key.text) == ["jobs/a&b", "jobs/b"] && objects.map(\.size) == [3, 3])
        #expect(server.requests.map(\.query).first == "list-type=2&max-keys=1000&prefix=jobs%2F")
    }
}

/// The steps that a fake storage saw, in order.
final class StepLog: Sendable {
    private let stored = Mutex<[String]>([])

    func add(_ step: String) { stored.withLock { $0.append(step) } }

    var steps: [String] { stored.withLock { $0 } }
}
