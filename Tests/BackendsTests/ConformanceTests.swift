import JobCore
import TestSupport
import Testing

@testable import Backends

@Suite("Every backend", .timeLimit(.minutes(10)))
struct ConformanceTests {
    private func work(_ json: String) throws -> JobRequest.Work {
        try JobRequest(JobDocument(reading: Array(json.utf8))).work
    }

    @Test func noop_keepsTheBackendRules() async throws {
        let conformance = BackendConformance(
            NoopBackend(),
            good: try work(#"{"type":"NOOP","params":{"seconds":0.2,"output_bytes":70000}}"#),
            failing: try work(#"{"type":"NOOP","params":{"fail":"ffmpeg_error"}}"#), with: .ffmpegError,
            endless: try work(#"{"type":"NOOP","params":{"seconds":3600}}"#))
        try await withScratch { #expect(await conformance.findings(in: $0.root) == []) }
    }

    @Test func preview_keepsTheBackendRules() async throws {
        let conformance = BackendConformance(
            PreviewBackend(),
            good: try work(#"{"type":"RENDER","params":{"prompt":"a","duration":0.5,"resolution":"128x72"}}"#),
            failing: try work(#"{"type":"LIPSYNC","params":{"audio":"a.wav"}}"#), with: .configError,
            endless: try work(#"{"type":"RENDER","params":{"prompt":"a","duration":3600,"resolution":"128x72"}}"#))
        try await withScratch { #expect(await conformance.findings(in: $0.root) == []) }
    }

    @Test func previewSpeech_keepsTheBackendRules() async throws {
        let conformance = BackendConformance(
            PreviewBackend(),
            good: try work(#"{"type":"TTS","params":{"text":"hello"}}"#),
            failing: try work(#"{"type":"TTS","params":{"text":"hello","voice":"../../etc"}}"#), with: .invalidJob,
            endless: try work(#"{"type":"RENDER","params":{"prompt":"a","duration":3600,"resolution":"128x72"}}"#))
        try await withScratch { #expect(await conformance.findings(in: $0.root) == []) }
    }

    @Test func runpod_keepsTheBackendRules() async throws {
        let fakes = [
            try FakeRunPod(life: FakeRunPod.usual(FakeRunPod.inline)),
            try FakeRunPod(life: { _ in .state("FAILED", #","error":"boom""#) }),
            try FakeRunPod(life: { look in .state("IN_PROGRESS", #","output":{"percent":\#(min(look, 50))}"#) }),
        ]
        defer { for fake in fakes { fake.stop() } }
        // The type of a job says which of the three it meets.
        let types: [JobType] = [.render, .imageToVideo, .lipSync]
        let endpoints = try zip(types, fakes).map { ($0, try RunPodEndpoint($1.endpoint)) }
        let settings = RunPodSettings(
            key: RunPodKey(FakeRunPod.key), endpoints: Dictionary(uniqueKeysWithValues: endpoints))
        let conformance = BackendConformance(
            RunPodBackend(configuration: BackendConfiguration(runpod: settings), haste: 50),
            good: try work(#"{"type":"RENDER","params":{"prompt":"a"}}"#),
            failing: try work(#"{"type":"IMG2VID","params":{"image":"https://a.b/c.png"}}"#),
            with: .runpodExecutionError,
            endless: try work(#"{"type":"LIPSYNC","params":{"audio":"https://a.b/c.wav"}}"#))
        try await withScratch { #expect(await conformance.findings(in: $0.root) == []) }
    }

    @Test func scripted_keepsTheBackendRules() async throws {
        let backend = ScriptedBackend { request in
            guard case .noop(let parameters) = request.work else { return [] }
            if let code = parameters.fail { return [.fail(Failure(code, "as asked"))] }
            if parameters.seconds > 0 { return [.progress(1), .hang] }
            return [.progress(50), .produce(ProducedFile(name: "a.bin", kind: .data), [1, 2, 3]), .progress(100)]
        }
        let conformance = BackendConformance(
            backend, good: try work(#"{"type":"NOOP","params":{}}"#),
            failing: try work(#"{"type":"NOOP","params":{"fail":"disk_full"}}"#), with: .diskFull,
            endless: try work(#"{"type":"NOOP","params":{"seconds":5}}"#))
        try await withScratch { #expect(await conformance.findings(in: $0.root) == []) }
        #expect(backend.requests.count == 3)
    }

    @Test func conformance_ofABackendThatBreaksEveryRule_findsIt() async throws {
        let backend = ScriptedBackend { request in
            [
                .progress(5), .progress(3),
                .produce(ProducedFile(name: "../outside.bin", kind: .data), [1]),
            ]
        }
        let noop = try work(#"{"type":"NOOP","params":{}}"#)
        let conformance = BackendConformance(backend, good: noop, failing: noop, with: .diskFull, endless: noop)
        let findings = try await withScratch { await conformance.findings(in: $0.root) }
        for part in ["from 5 to 3", "outside its scratch", "should have failed with disk_full", "named"] {
            #expect(findings.contains { $0.contains(part) }, "\(part) in \(findings)")
        }
    }
}
