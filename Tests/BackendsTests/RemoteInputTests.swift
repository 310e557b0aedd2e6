import Foundation
import JobCore
import TestSupport
import Testing

@testable import Backends

@Suite("Inputs from elsewhere", .timeLimit(.minutes(5)))
struct RemoteInputTests {
    private let pointer = "/params/clips/0"

    private func remote(_ configuration: BackendConfiguration = BackendConfiguration()) -> RemoteInput {
        var remote = RemoteInput(
            configuration: configuration, client: HTTPClient(environment: HTTPEnvironment()))
        remote.retries.pause = { _ in }
        return remote
    }

    private func storage(_ values: [String: String]) throws -> BackendConfiguration {
        BackendConfiguration().withStorage(of: try Settings.resolve(flags: [:], environment: values, envFile: [:]))
    }

    @Test func url_isFetchedOnce_underANameOfOurs() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { .file(Array("film".utf8), tag: "\"v\"", for: $0) }
            defer { server.stop() }
            let text = server.url("/a/../b/My%20Film.MP4?sig=x.y")
            let path = try await remote().fetch(text, into: scratch.path, limit: 4, pointer: pointer)
            #expect(path.hasPrefix(scratch.path + "/input-") && path.hasSuffix(".mp4"))
            #expect(try await remote().fetch(text, into: scratch.path, limit: 4, pointer: pointer) == path)
            #expect(server.requests.count == 1 && server.requests[0]["Authorization"] == nil)
            #expect(try scratch.bytes(path) == Data("film".utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 1)
        }
    }

    @Test(arguments: ["/404", "/large", "/file", "/ftp"])
    func urlThatIsNotToBeHad_isInvalid_withItsPointer(path: String) async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { request in
                switch request.path {
                case "/large": .bytes(200, [UInt8](repeating: 1, count: 101))
                case "/file": .redirect(to: "file:///etc/passwd")
                case "/ftp": .redirect(to: "ftp://127.0.0.1/x")
                default: .text(404, "gone")
                }
            }
            defer { server.stop() }
            let failure = await failure {
                _ = try await remote().fetch(
                    server.url(path + "?token=hush"), into: scratch.path, limit: 100, pointer: pointer)
            }
            #expect(failure?.code == .invalidJob && failure?.message.hasPrefix(pointer) == true, "\(failure as Any)")
            #expect(failure?.message.contains("hush") == false && failure?.isRetryable == false)
        }
    }

    @Test func hostThatIsDown_isRetryable() async throws {
        try await withScratch { scratch in
            let port = try FakeHTTPServer.DeadPort()
            let failure = await failure {
                let text = "http://127.0.0.1:\(port.number)/a.mp4"
                _ = try await remote().fetch(text, into: scratch.path, limit: 100, pointer: pointer)
            }
            #expect(failure?.code == .internalError && failure?.isRetryable == true)
        }
    }

    @Test func object_isFetchedFromTheStorageOfTheSettings_whateverItsBucket() async throws {
        try await withScratch { scratch in
            let server = try FakeHTTPServer { .file(Array("film".utf8), tag: "\"v\"", for: $0) }
            defer { server.stop() }
            let set = try storage([
                "S3_BUCKET": "films", "AWS_ENDPOINT_URL": server.url(""), "AWS_ACCESS_KEY_ID": "AK",
                "AWS_SECRET_ACCESS_KEY": "hush",
            ])
            let path = try await remote(set).fetch("s3://other/a/ü.mp4", into: scratch.path, limit: 9, pointer: pointer)
            #expect(try scratch.bytes(path) == Data("film".utf8))
            #expect(server.requests[0].path == "/other/a/%C3%BC.mp4")
            #expect(server.requests[0].query.contains("X-Amz-Signature="))
        }
    }

    @Test(arguments: ["s3://", "s3://bucket", "s3://bucket/", "s3://b/../x", "s3:///key", "s3://a b/k"])
    func objectWithoutAName_isInvalid(text: String) async throws {
        try await withScratch { scratch in
            let failure = await failure {
                _ = try await remote().fetch(text, into: scratch.path, limit: 9, pointer: pointer)
            }
            #expect(failure?.code == .invalidJob && failure?.message.hasPrefix(pointer) == true)
        }
    }

    @Test func object_withoutStorage_saysWhichSettingIsMissing() async throws {
        try await withScratch { scratch in
            for (values, word) in [([:], "S3_BUCKET"), (["S3_BUCKET": "films"], "AWS_ACCESS_KEY_ID")] {
                let set = try storage(values)
                let failure = await failure {
                    _ = try await remote(set).fetch("s3://b/k", into: scratch.path, limit: 9, pointer: pointer)
                }
                #expect(failure?.code == .configError && failure?.hint.contains(word) == true)
            }
        }
    }
}
