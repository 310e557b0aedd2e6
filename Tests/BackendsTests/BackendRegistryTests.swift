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
        (#"{"type":"RENDER","backend":"runpod","params":{"prompt":"a"}}"#, .configError, "runpod"),
        (#"{"type":"TTS","backend":"speech","params":{"text":"a"}}"#, .configError, "speech"),
        (#"{"type":"RENDER","backend":"ffmpeg","params":{"prompt":"a"}}"#, .invalidJob, "ffmpeg"),
        (#"{"type":"RENDER","backend":"noop","params":{"prompt":"a"}}"#, .invalidJob, "/backend"),
    ])
    func lane_ofAJobThatCannotRun_saysWhatIsMissing(json: String, code: FailureCode, word: String) async throws {
        let request = try request(json)
        let failure = await failure { _ = try registry.lane(for: request) }
        #expect(failure?.code == code && failure?.message.contains(word) == true)
    }

    @Test func backend_ofALaneThatIsNotThere_isNil() {
        #expect(registry.backend(for: .runpod) == nil)
    }
}
