import JobCore
import TestSupport
import Testing

/// A real S3 server for a whole suite: started before its first test and killed after its last.
struct SeaweedFS: SuiteTrait, TestScoping {
    static let keyID = SeaweedServer.keyID, secret = SeaweedServer.secret
    /// What runs now.
    @TaskLocal static var endpoint: WebURL?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await SeaweedServer.use { server in
            try await Self.$endpoint.withValue(server.endpoint) { try await function() }
        }
    }
}
