import JobCore
import Testing

@testable import Backends

@Suite("Backend registry")
struct BackendRegistryTests {
    private let registry = BackendRegistry()

    private func request(_ json: String) throws -> JobRequest { try JobRequest(JobDocument(reading: Array(json.utf8))) }

    @Test(arguments: [
        (#"{"type":"NOOP","params":{}}"#, Lane.noop), (#"{"type":"NOOP","backend":"preview","params":{}}"#, .noop),
        (#"{"type":"RENDER","params":{"prompt":"a"}}"#, .preview),
        (#"{"type":"IMG2VID","backend":"preview","params":{"image":"a.png"}}"#, .preview),
        (#"{"type":"EXPORT","params":{"clips":["a.mp4"]}}"#, .ffmpeg),
        (#"{"type":"TTS","params":{"text":"a"}}"#, .preview), (#"{"type":"LIPSYNC","params":{"audio":"a"}}"#, .preview),
    ])
    func lane_ofAJobThatCanRun_hasABackend(json: String, lane: Lane) throws {
        #expect(try registry.lane(for: request(json)) == lane)
        #expect(registry.backend(for: lane)?.lane == lane)
    }

    @Test(arguments: [
        (#"{"type":"EXPORT","backend":"preview","params":{"clips":["a"]}}"#, FailureCode.invalidJob, "/backend"),
        (#"{"type":"RENDER","backend":"runpod","params":{"prompt":"a"}}"#, .configError, "RUNPOD_API_KEY"),
        (#"{"type":"TTS","backend":"speech","params":{"text":"a"}}"#, .configError, "speech"),
        (#"{"type":"RENDER","backend":"ffmpeg","params":{"prompt":"a"}}"#, .invalidJob, "ffmpeg"),
        (#"{"type":"RENDER","backend":"noop","params":{"prompt":"a"}}"#, .invalidJob, "/backend"),
    ])
    func lane_ofAJobThatCannotRun_saysWhatIsMissing(json: String, code: FailureCode, word: String) async throws {
        let request = try request(json)
        let failure = await failure { _ = try registry.lane(for: request) }
        #expect(failure?.code == code && failure?.message.contains(word) == true)
    }

    @Test func lane_withAKeyAndAnEndpointOfTheType_isRunPod() throws {
        let endpoint = try RunPodEndpoint("https://api.runpod.ai/v2/ep")
        let settings = RunPodSettings(
            key: RunPodKey("k"), endpoints: [.render: endpoint, .speech: endpoint],
            profiles: [.render: "wan-nikserg", .speech: "wan-nikserg"])
        let registry = BackendRegistry(configuration: BackendConfiguration(runpod: settings))
        func lane(_ json: String) throws -> Lane { try registry.lane(for: request(json)) }
        #expect(try lane(#"{"type":"RENDER","params":{"prompt":"a"}}"#) == .runpod)
        #expect(try lane(#"{"type":"RENDER","backend":"preview","params":{"prompt":"a"}}"#) == .preview)
        #expect(try lane(#"{"type":"IMG2VID","params":{"image":"a.png"}}"#) == .preview)
        // The profile makes no speech, and there is none of that name: said before the job waits for its turn.
        #expect(throws: Failure.self) { try lane(#"{"type":"TTS","params":{"text":"a"}}"#) }
        #expect(throws: Failure.self) { try lane(#"{"type":"RENDER","profile":"x","params":{"prompt":"a"}}"#) }
        #expect(throws: Failure.self) {
            try lane(#"{"type":"LIPSYNC","backend":"runpod","params":{"audio":"a.wav"}}"#)
        }
    }

    @Test func settings_neverShowTheKey() {
        let settings = RunPodSettings(key: RunPodKey("rpa_planted"), endpoints: [:])
        let configuration = BackendConfiguration(runpod: settings)
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!"\(configuration) \(String(reflecting: settings)) \(dumped)".contains("planted"))
    }

    @Test func backend_ofALaneThatIsNotThere_isNil() {
        #expect(registry.backend(for: .runpod) == nil)
    }
}
