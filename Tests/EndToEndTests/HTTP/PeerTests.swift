import Foundation
import JobCore
import Testing

/// Programs that others wrote against the standards, as judges of the live API.
@Suite(.timeLimit(.minutes(isTorture ? 5 : 3))) struct PeerTests {
    /// Where `Scripts/install-packages --tests` puts them.
    static let python: String = {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "/root")/.cache"
        return "\(cache)/kinospool/peers/http-2/bin/python"
    }()

    /// The path of a script beside this file.
    static func script(_ name: String, file: String = #filePath) -> String {
        URL(filePath: file).deletingLastPathComponent().appending(path: name).path
    }

    /// Runs one of them; fails with what it said where it is not content.
    static func run(_ desk: Desk, _ line: String) async throws {
        let log = "peer.log"
        do {
            try await desk.shell("\(line) > \(log) 2>&1")
        } catch {
            Issue.record("\(line): \(desk.read("\(desk.folder)/\(log)")?.suffix(6000) ?? "no output")")
        }
    }

    @Test func openaiPackage_makesPollsDownloadsAndDeletes() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            try await Self.run(desk, "\(Self.python) \(Self.script("openai_peer.py")) http://\(api.host) out.mp4")
            try await Self.run(desk, "ffprobe -v error out.mp4")
            try await desk.stop(daemon)
        }
    }

    @Test func manyListenersAndPosters_findNoError_inBoundedMemory() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve(environment: ["KINOSPOOL_DURABILITY": "full"])
            let api = try await desk.api(daemon)
            let script = Self.script("load_peer.py")
            let load = isTorture ? "256 64 60" : "32 8 4"
            try await Self.run(desk, "\(Self.python) \(script) \(api.port) \(daemon.pid) \(load)")
            print(desk.read("\(desk.folder)/peer.log") ?? "")
            #expect(try await desk.stop(daemon).status == 0)
        }
    }

    @Test func openAPIDocument_isValid() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            let document = try await api.get("/openapi.json")
            try desk.write("openapi.json", document.text)
            try await Self.run(desk, "\(Self.python) -m openapi_spec_validator openapi.json")
            try await desk.stop(daemon)
        }
    }

    @Test func schemathesis_findsNothing() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            let seconds = isTorture ? 60 : 15
            let options =
                "--continue-on-failure --max-time \(seconds) --seed \(isTorture ? Int.random(in: 0..<1000) : 1)"
            // A stream of events has no end. That an end lies after its start no schema can say, so some requests that
            // are right by the schema are refused.
            let run =
                "\(Self.python) -m schemathesis.cli run --exclude-operation-id events --no-color"
                + " --exclude-checks positive_data_acceptance"
            try await Self.run(desk, "\(run) \(options) http://\(api.host)/openapi.json")
            let answer = try await desk.stop(daemon)
            #expect(answer.status == 0)
            #expect(!answer.errors.contains("request failed"))
        }
    }
}
