import Foundation

/// The part of `swift package describe --type json` that tells who depends on whom.
struct PackageDescription: Decodable, Sendable {
    struct Target: Decodable, Sendable {
        let name: String
        let path: String
        let targetDependencies: [String]?
        let productDependencies: [String]?
    }

    let targets: [Target]

    init(json: Data) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: json)
    }

    /// Asks SwiftPM about a package. Its build folder is locked while tests run, so this uses one of its own.
    static func describing(_ root: String) async throws -> PackageDescription {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "kinospool-describe-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let arguments = [
            "swift", "package", "--package-path", root, "--scratch-path", scratch.path, "describe", "--type", "json",
        ]
        return try PackageDescription(json: await output(of: arguments))
    }

    struct Unanswered: Error { let status: Int32 }

    /// Waiting for a process blocks, so it happens on a thread of Dispatch and not in the tests' pool.
    private static func output(of arguments: [String]) async throws -> Data {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let process = Process()
                        process.executableURL = URL(filePath: "/usr/bin/env")
                        process.arguments = arguments
                        process.standardInput = FileHandle.nullDevice
                        process.standardError = FileHandle.nullDevice
                        let pipe = Pipe()
                        process.standardOutput = pipe
                        try process.run()
                        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
                        process.waitUntilExit()
                        guard process.terminationStatus == 0 else {
                            throw Unanswered(status: process.terminationStatus)
                        }
                        return data
                    })
            }
        }
    }
}
