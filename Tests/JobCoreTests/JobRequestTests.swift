import JobCore
import Testing

@Suite struct JobRequestTests {
    static func request(_ text: String) throws -> JobRequest {
        try JobRequest(JobDocument(reading: Array(text.utf8)))
    }

    @Test func init_leastJob_takesTheDefaults() throws {
        let request = try Self.request(#"{"type":"NOOP"}"#)
        #expect(request.type == .noop && request.priority == 0 && request.maximumAttempts == 3)
        #expect(request.notBefore == nil && request.lane == nil && request.needs == [] && request.chosenID == nil)
        guard case .noop(let parameters) = request.work else { throw Failure(.internalError, "no NOOP") }
        #expect(parameters.seconds == 0 && parameters.fail == nil && parameters.outputBytes == 0)
    }

    @Test func init_fullJob_takesEveryKey() throws {
        let request = try Self.request(
            """
            {"type":"RENDER","priority":-100,"not_before":"2026-11-23T09:00:00+01:00","backend":"runpod",
             "max_attempts":20,"needs":["a","b"],"job_id":"my-film","profile":"p","note":"n","webhook_url":"https://x",
             "idempotency_key":"k","tags":["t"],"unknown":{"kept":true},
             "params":{"prompt":"p","negative_prompt":"n","image":"cat.png","end_image":"dog.png","audio":"a.wav",
              "video":"v.mp4","duration":5,"num_frames":81,"fps":16,"resolution":"720p","aspect_ratio":"9:16",
              "steps":30,"guidance":5.5,"seed":4294967295,"text":"t","voice":"v","loras":[1],"extra":{}}}
            """)
        #expect(request.type == .render && request.priority == -100 && request.maximumAttempts == 20)
        #expect(request.notBefore?.text == "2026-11-23T08:00:00.000Z" && request.lane == .runpod)
        #expect(request.needs.map(\.text) == ["a", "b"] && request.chosenID?.text == "my-film")
        guard case .generate(.render, let parameters) = request.work else { throw Failure(.internalError, "no RENDER") }
        #expect(parameters.prompt == "p" && parameters.negativePrompt == "n" && parameters.image == "cat.png")
        #expect(parameters.endImage == "dog.png" && parameters.audio == "a.wav" && parameters.video == "v.mp4")
        #expect(parameters.duration == 5 && parameters.frameCount == 81 && parameters.framesPerSecond == 16)
        #expect(parameters.size == FrameSize(width: 720, height: 1280) && parameters.steps == 30)
        #expect(parameters.guidance == 5.5 && parameters.seed == 4_294_967_295)
        #expect(parameters.text == "t" && parameters.voice == "v")
    }

    @Test func init_nullValues_areAsIfMissing() throws {
        let text = #"{"type":"RENDER","priority":null,"tags":null,"params":{"prompt":"p","seed":null,"width":null}}"#
        #expect(try Self.request(text) == Self.request(#"{"type":"RENDER","params":{"prompt":"p"}}"#))
    }

    @Test(arguments: [
        #"{"type":"TTS","params":{"prompt":"p"}}"#, #"{"type":"TTS","params":{"text":"t"}}"#,
        #"{"type":"EXPORT","params":{"clips":["a"]}}"#,
        #"{"type":"IMG2VID","params":{"image":"i.png"}}"#, #"{"type":"LIPSYNC","params":{"audio":"a.wav"}}"#,
        #"{"type":"TRAIN_TWIN"}"#, #"{"type":"NOOP","params":{"seconds":86400,"output_bytes":1073741824}}"#,
        #"{"type":"NOOP","params":{"fail":"disk_full"}}"#, #"{"type":"NOOP","priority":100.0,"max_attempts":1}"#,
    ])
    func init_whatEachTypeNeeds_isEnough(text: String) {
        #expect(throws: Never.self) { try Self.request(text) }
    }

    @Test func init_textsAtTheirLimit_areTakenAndOneBytePastIsRefused() {
        for (key, limit) in [
            ("prompt", 8192), ("negative_prompt", 8192), ("image", 4096), ("text", 8192), ("voice", 64),
        ] {
            func text(_ count: Int) -> String {
                let value = String(repeating: "x", count: count)
                return key == "prompt"
                    ? #"{"type":"RENDER","params":{"prompt":"\#(value)"}}"#
                    : #"{"type":"RENDER","params":{"prompt":"p","\#(key)":"\#(value)"}}"#
            }
            #expect(throws: Never.self) { try Self.request(text(limit)) }
            let message = "/params/\(key) has \(limit + 1) bytes, the limit is \(limit)"
            #expect(throws: Failure(.invalidJob, message)) { try Self.request(text(limit + 1)) }
        }
    }

    @Test func init_listsAtTheirLimit_areTakenAndOnePastIsRefused() {
        for (key, limit) in [("tags", 64), ("needs", 256)] {
            func text(_ count: Int) -> String {
                let list = repeatElement("\"a\"", count: count).joined(separator: ",")
                return #"{"type":"NOOP","\#(key)":[\#(list)]}"#
            }
            #expect(throws: Never.self) { try Self.request(text(limit)) }
            let failure = Failure(.invalidJob, "/\(key) has \(limit + 1) elements, the limit is \(limit)")
            #expect(throws: failure) { try Self.request(text(limit + 1)) }
        }
    }

    @Test func resolvedSeed_isStableAndLegal() throws {
        let ids = (0..<200 as Range<UInt32>).map { JobID(generatedAt: Timestamp(milliseconds: 0), random: $0) }
        let seeds = ids.map(JobRequest.resolvedSeed)
        #expect(seeds == ids.map(JobRequest.resolvedSeed))
        #expect(seeds.allSatisfy(JobParameters.seeds.contains) && Set(seeds).count == 200)
    }
}
