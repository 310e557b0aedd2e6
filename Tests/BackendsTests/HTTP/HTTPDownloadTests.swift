import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite("Downloads", .timeLimit(.minutes(5)))
struct HTTPDownloadTests {
    let client = HTTPClient(environment: HTTPEnvironment())
    let film = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

    /// Tries that pass no time, and note what they would have waited.
    private func patient(_ waits: Waits) -> HTTPRetries {
        var retries = HTTPRetries()
        retries.pause = { wait in waits.list.withLock { $0.append(wait) } }
        return retries
    }

    final class Waits: Sendable {
        let list = Mutex<[Duration]>([])
    }

    private func request(_ server: FakeHTTPServer) -> HTTPRequest {
        var request = HTTPRequest(.get, url(server, "/film.mp4?X-Amz-Signature=hush"))
        request.maximumBody = 1_000_000
        return request
    }

    /// The head of a good answer and only the first bytes of its body.
    private func broken(_ count: Int, of body: [UInt8], tag: String?) -> FakeHTTPReply {
        let tags = tag.map { [("ETag", $0)] } ?? []
        let head = FakeHTTPReply.head(200, [("Content-Length", "\(body.count)")] + tags)
        return FakeHTTPReply([.send(head + body.prefix(count)), .close])
    }

    @Test func brokenDownload_isTakenUpWhereItBroke() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { [film] request in
                request.number == 1
                    ? self.broken(100_000, of: film, tag: "\"v1\"") : .file(film, tag: "\"v1\"", for: request)
            }
            defer { server.stop() }
            let (waits, seen, path) = (Waits(), Waits(), scratch.path + "/film")
            let file = try await client.download(
                request(server), to: path, expected: SHA256.hex(of: film), retries: patient(waits)
            ) { size, total in seen.list.withLock { $0.append(.seconds(size * 10_000_000 + (total ?? 0))) } }
            #expect(try Array(scratch.bytes(path)) == film && file.size == 300_000)
            #expect(file.sha256 == SHA256.hex(of: film))
            let second = server.requests[1]
            #expect(second["Range"] == "bytes=100000-" && second["If-Range"] == "\"v1\"")
            #expect(waits.list.withLock { $0 } == [.seconds(1)])
            let reported = seen.list.withLock { $0 }
            #expect(reported == reported.sorted() && reported.last == .seconds(300_000 * 10_000_000 + 300_000))
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["film"])
        }
    }

    @Test func download_leftByAnEarlierProcess_isTakenUp() async throws {
        try await withScratch { scratch in
            let path = scratch.path + "/film"
            let broken = try FakeHTTPServer { [film] in
                $0.number == 1 ? self.broken(120_000, of: film, tag: "\"v1\"") : .text(403, "<Error>expired</Error>")
            }
            defer { broken.stop() }
            let failure = await httpFailure { () throws(HTTPFailure) in
                try await client.download(request(broken), to: path, retries: patient(Waits()))
            }
            #expect(failure?.reason == .refused && failure?.status == 403 && failure?.isRetryable == false)
            #expect(failure?.message.contains("hush") == false && failure?.message.contains("expired") == true)
            let server = try FakeHTTPServer { [film] in .file(film, tag: "\"v1\"", for: $0) }
            defer { server.stop() }
            let file = try await HTTPClient(environment: HTTPEnvironment()).download(request(server), to: path)
            #expect(server.requests.map { $0["Range"] } == ["bytes=120000-"])
            #expect(try Array(scratch.bytes(path)) == film && file.sha256 == SHA256.hex(of: film))
        }
    }

    @Test func download_ofWhatChangedMeanwhile_beginsAnew() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { [film] request in
                request.number == 1
                    ? self.broken(100_000, of: Array(film.reversed()), tag: "\"v1\"")
                    : .file(film, tag: "\"v2\"", for: request)
            }
            defer { server.stop() }
            let path = scratch.path + "/film"
            _ = try await client.download(request(server), to: path, retries: patient(Waits()))
            #expect(try Array(scratch.bytes(path)) == film)
        }
    }

    @Test(arguments: [nil, "W/\"v1\""]) func download_withoutAStrongTag_beginsAnew(tag: String?) async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { [film] request in
                request.number == 1 ? self.broken(100_000, of: film, tag: tag) : .bytes(200, film)
            }
            defer { server.stop() }
            let path = scratch.path + "/film"
            _ = try await client.download(request(server), to: path, retries: patient(Waits()))
            #expect(server.requests.map { $0["Range"] } == [nil, nil])
            #expect(try Array(scratch.bytes(path)) == film)
        }
    }

    @Test func rangeThatDoesNotFit_isNotAdded() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { [film] request in
                switch request.number {
                case 1: self.broken(100_000, of: film, tag: "\"v1\"")
                case 2:
                    .bytes(206, Array(film[5000...]), headers: [("Content-Range", "bytes 5000-299999/300000")])
                default: .file(film, tag: "\"v1\"", for: request)
                }
            }
            defer { server.stop() }
            let path = scratch.path + "/film"
            _ = try await client.download(request(server), to: path, retries: patient(Waits()))
            #expect(try Array(scratch.bytes(path)) == film)
            #expect(server.requests.map { $0["Range"] != nil } == [false, true, false])
        }
    }

    @Test func wholePart_isDoneBy416_andOneTooLongBeginsAnew() async throws {
        try await withScratch { scratch in
            for (name, left) in [("whole", film), ("long", film + [1])] {
                let path = "\(scratch.path)/\(name)"
                try Data(left).write(to: URL(filePath: path + ".part"))
                try Data("\"v1\"".utf8).write(to: URL(filePath: path + ".part.tag"))
                let server = try FakeHTTPServer { [film] in .file(film, tag: "\"v1\"", for: $0) }
                defer { server.stop() }
                _ = try await client.download(request(server), to: path, retries: patient(Waits()))
                #expect(try Array(scratch.bytes(path)) == film)
            }
        }
    }

    @Test func anotherChecksum_isNoResult_andLeavesNothing() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { [film] in .file(film, tag: "\"v1\"", for: $0) }
            defer { server.stop() }
            let failure = await httpFailure { () throws(HTTPFailure) in
                try await client.download(
                    request(server), to: scratch.path + "/film", expected: SHA256.hex(of: [1]))
            }
            #expect(failure?.reason == .wrongContent)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
        }
    }

    @Test func fileAtItsLimit_isFetched_andBeyondItIsTooLarge_alsoInParts() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { [film] request in
                request.number == 2
                    ? self.broken(100_000, of: film, tag: "\"v1\"") : .file(film, tag: "\"v1\"", for: request)
            }
            defer { server.stop() }
            var request = request(server)
            request.maximumBody = 300_000
            _ = try await client.download(request, to: scratch.path + "/film", retries: patient(Waits()))
            // The second one breaks; its rest alone would be within the limit.
            request.maximumBody = 299_999
            let failure = await httpFailure { [request] () throws(HTTPFailure) in
                try await client.download(request, to: scratch.path + "/more", retries: patient(Waits()))
            }
            #expect(failure?.reason == .tooLarge)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["film"])
        }
    }

    @Test func deadServer_isGivenUp_afterGrowingWaits_thatTheServerMaySet() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { request in
                request.number == 2 ? .text(503, "", headers: [("Retry-After", "11")]) : .reset
            }
            defer { server.stop() }
            let waits = Waits()
            let failure = await httpFailure { () throws(HTTPFailure) in
                try await client.download(request(server), to: scratch.path + "/film", retries: patient(waits))
            }
            #expect(failure?.reason == .connectionLost)
            #expect(waits.list.withLock { $0 } == [.seconds(1), .seconds(11), .seconds(4), .seconds(8)])
        }
    }

    @Test func cancel_whileItComesIn_leavesAPartOnly() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { [film] _ in
                let head = FakeHTTPReply.head(200, [("Content-Length", "300000"), ("ETag", "\"v1\"")])
                return FakeHTTPReply([.send(head + film.prefix(1000)), .hang])
            }
            defer { server.stop() }
            let begun = Gate()
            let (request, path) = (request(server), scratch.path + "/film")
            let task = Task {
                await httpFailure { () throws(HTTPFailure) in
                    try await client.download(request, to: path) { _, _ in begun.open() }
                }
            }
            await begun.passed()
            task.cancel()
            #expect(await task.value?.reason == .cancelled)
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
            #expect(left == ["film.part", "film.part.tag"])
        }
    }
}
