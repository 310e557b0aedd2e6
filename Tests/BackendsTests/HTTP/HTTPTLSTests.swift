import Foundation
import JobCore
import Synchronization
import TestSupport
import Testing

@testable import Backends

@Suite("HTTP client: TLS", .timeLimit(.minutes(5)))
struct HTTPTLSTests {
    /// Runs `openssl s_server` with a certificate that it signed itself, for `localhost`.
    private func withServer(_ body: (_ port: Int, _ certificate: String) async throws -> Void) async throws {
        try await withScratch { scratch in
            let (key, certificate) = (scratch.root + "/key.pem", scratch.root + "/cert.pem")
            let make = ProcessCommand(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key,
                    "-out", certificate,
                ], in: scratch.root)
            let outcome = try await ProcessRunner().run(make, report: { _ in })
            try #require(outcome.isSuccess, "\(outcome.complaint)")
            let ready = Gate()
            let chosen = Chosen()
            // A port that it chooses itself: nobody can take it away between two looks.
            let serve = ProcessCommand(
                "openssl", ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"],
                in: scratch.root)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Nobody waits for a server that did not start.
                    defer { ready.open() }
                    _ = try await ProcessRunner().run(serve, report: { _ in }) { line in
                        guard line.hasPrefix("ACCEPT"), let number = line.split(separator: ":").last else { return }
                        chosen.port.withLock { $0 = Int(number) ?? 0 }
                        ready.open()
                    }
                }
                await ready.passed()
                try await body(chosen.port.withLock { $0 }, certificate)
                group.cancelAll()
            }
        }
    }

    private final class Chosen: Sendable {
        let port = Mutex(0)
    }

    private func answer(_ port: Int, _ variables: [String: String], host: String = "localhost") async -> (
        status: Int?, failure: HTTPFailure?
    ) {
        let client = HTTPClient(environment: HTTPEnvironment(variables))
        do throws(HTTPFailure) {
            return (try await client.send(HTTPRequest(.get, webURL("https://\(host):\(port)/"))).status, nil)
        } catch {
            return (nil, error)
        }
    }

    @Test func certificate_isTrusted_whenTheEnvironmentNamesIt_forItsHostOnly() async throws {
        try await withServer { port, certificate in
            #expect(await answer(port, ["SSL_CERT_FILE": certificate]).status == 200)
            #expect(await answer(port, ["CURL_CA_BUNDLE": certificate]).status == 200)
            let stranger = await answer(port, [:]).failure
            #expect(stranger?.reason == .untrusted && stranger?.mayHaveArrived == false, "\(stranger as Any)")
            #expect(stranger?.isRetryable == false)
            let otherName = await answer(port, ["SSL_CERT_FILE": certificate], host: "127.0.0.1").failure
            #expect(otherName?.reason == .untrusted && otherName?.mayHaveArrived == false)
        }
    }
}
