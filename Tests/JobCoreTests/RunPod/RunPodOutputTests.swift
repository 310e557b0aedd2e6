import JobCore
import Testing

/// Every shape of a result that workers are known to answer with.
@Suite("RunPod output")
struct RunPodOutputTests {
    /// The first bytes of an mp4, and enough after them to be a result.
    private static let film = Base64.encoded([0, 0, 0, 24] + Array("ftypisom".utf8) + [UInt8](repeating: 7, count: 90))
    private static let picture = Base64.encoded([0x89, 0x50, 0x4E, 0x47] + [UInt8](repeating: 9, count: 90))

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let output: JSONValue
        let pieces: [RunPodOutput.Piece]

        init(_ name: String, _ output: JSONValue, _ pieces: RunPodOutput.Piece...) {
            (testDescription, self.output, self.pieces) = (name, output, pieces)
        }
    }

    private static let url = "https://cdn.example/a.mp4"

    static let rows: [Row] = [
        Row("a URL alone", .string(url), .url(url)),
        Row("public endpoint", ["video_url": .string(url), "cost": 0.25], .url(url)),
        Row("older public endpoint", ["result": .string(url), "cost": 0.25], .url(url)),
        Row(
            "array of URLs", ["output": [.string(url), "https://cdn.example/b.mp4"]],
            .url(url), .url("https://cdn.example/b.mp4")),
        Row("the same twice", ["video": .string(url), "url": .string(url)], .url(url)),
        Row("generate_video", ["video": .string(film)], .inline(film, .mp4)),
        Row("data URI", ["video": .string("data:image/png;base64,\(film)")], .inline(film, .mp4)),
        Row(
            "nikserg", ["video_base64": .string(film), "prompt": "https://not.this/one", "fps": 24], .inline(film, .mp4)
        ),
        Row(
            "worker-comfyui base64",
            ["images": [["filename": "a.mp4", "type": "base64", "data": .string(film)]]], .inline(film, .mp4)),
        Row(
            "worker-comfyui URL",
            ["images": [["filename": "a.mp4", "type": "s3_url", "data": .string(url)]]], .url(url)),
        Row("fal", ["video": ["url": .string(url), "content_type": "image/png", "file_size": 5]], .url(url)),
        Row("s3", ["s3_path": "s3://bucket/key.mp4"], .stored("s3://bucket/key.mp4")),
        Row("a JSON text", .string("{\"video_url\":\"\(url)\"}"), .url(url)),
        Row(
            "on the network volume", ["video_path": "/runpod-volume/out/a.mp4"],
            .stored("/runpod-volume/out/a.mp4")),
        Row("under an unknown key", ["clip": .string(film)], .inline(film, .mp4)),
        Row(
            "video before picture", ["image": .string(picture), "video": .string(film)],
            .inline(film, .mp4), .inline(picture, .png)),
    ]

    @Test(arguments: rows)
    func shape_isFound(row: Row) throws {
        #expect(try RunPodOutput(row.output).pieces == row.pieces)
    }

    static let failures: [(JSONValue?, FailureCode, String)] = [
        (nil, .runpodExecutionError, "RunPod says COMPLETED and holds no result"),
        ([:], .runpodExecutionError, "RunPod says COMPLETED and holds no result"),
        (["ok": false, "message": "no model"], .runpodExecutionError, "The worker failed: no model"),
        (["error": "bad workflow", "details": "node 3"], .runpodExecutionError, "The worker failed: bad workflow"),
        (["status": "error", "message": "boom"], .runpodExecutionError, "The worker failed: boom"),
        (["status": "success_no_images", "images": []], .runpodExecutionError, "The worker failed: success_no_images"),
        (["errors": ["first", "second"]], .runpodExecutionError, "The worker failed: first; second"),
        (
            .string(#"{"error_message":"CUDA out of memory","error_type":"x"}"#), .runpodExecutionError,
            "RunPod's result holds no film"
        ),
        (["video": "simulated_uploaded/1a2b3c4d.mp4"], .configError, "The worker has no bucket"),
        (["video_path": "/workspace/out/a.mp4"], .configError, "The worker has no bucket"),
        (["message": "done"], .runpodExecutionError, "RunPod's result holds no film"),
        (["video": "bm90IGEgZmlsbQ=="], .runpodExecutionError, "RunPod's result holds no film"),
    ]

    @Test(arguments: failures.indices)
    func noResult_isAStructuredFailure(index: Int) {
        let (output, code, beginning) = Self.failures[index]
        do {
            let found = try RunPodOutput(output)
            Issue.record("\(found.pieces)")
        } catch {
            #expect(error.code == code, "\(error)")
            #expect(error.message.hasPrefix(beginning) || error.message.contains("out of memory"), "\(error)")
            #expect(!error.isRetryable)
        }
    }

    @Test func complaintBesideAResult_isAWarning() throws {
        let output = try RunPodOutput(["video": .string(Self.film), "errors": ["node 7 was skipped"]])
        #expect(output.pieces.count == 1)
        #expect(output.warnings == ["The worker complained beside its result: node 7 was skipped"])
    }

    @Test func cost_isTakenFromTheResult() throws {
        #expect(try RunPodOutput(["video_url": "https://a.b/c.mp4", "cost": 0.25]).cost == 0.25)
    }

    @Test func complaint_readsTheSDKsJSONText_andKeepsTheTracebackForTheLog() {
        let text =
            #"{"error_type":"<class 'ValueError'>","error_message":"bad seed, key rpa_ABCDEFGH12345678","#
            + #""error_traceback":"Traceback (most recent call last):\n  File x\nValueError: bad seed"}"#
        let complaint = RunPodComplaint(.string(text))
        #expect(complaint.message == "ValueError: bad seed, key ••••")
        #expect(complaint.details.count == 3)
        #expect(!complaint.failure.message.contains("Traceback"))
    }

    @Test func complaint_namesTheRemedy() {
        #expect(RunPodComplaint("CUDA out of memory. Tried to allocate").failure.hint.contains("larger GPU"))
        #expect(RunPodComplaint("Unexpected input. fps is not a valid input option.").failure.hint.contains("profile"))
        #expect(RunPodComplaint(nil).failure.message == "The worker failed: no reason given")
    }

    @Test func base64_roundTrip_inPieces() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8($0 * 37 & 0xFF) }
            let text = Base64.encoded(bytes)
            #expect(Base64Decoder.bytes(of: text.utf8) == bytes)
            var (decoder, found): (Base64Decoder, [UInt8]) = (Base64Decoder(), [])
            for letter in text.utf8 { decoder.decode([letter], into: &found) }
            #expect(decoder.finish(into: &found) && found == bytes)
        }
        for text in ["a*bc", "abcde", "ab=c"] { #expect(Base64Decoder.bytes(of: text.utf8) == nil) }
    }
}
